import { startupError } from '../../platform/startup-error.js';
import type { StoreLogger } from '../store-logger.js';
import { within } from '../waiting.js';
import { createConnection } from './connection.js';
import type { EventStoreAddress } from './connection-string.js';
import { explainUnavailable } from './explain.js';
import { lastIdentity } from './identity.js';
import { readHead, type Reading } from './reader.js';

/** What can be learnt of an event store without writing to it. */
export interface EventStoreFacts {
  /** As the server says it, such as 24.10.0.1. */
  readonly version: string;
  /** Undefined when there is no log with this prefix yet. */
  readonly logId: string | undefined;
  /** Place of the last event of our log; 0 when there is none. */
  readonly position: bigint;
}

interface ClientInside {
  readonly capabilities: Promise<{ readonly serverVersion: string }>;
}

/**
 * Asks for version, name and end of the log: for `citizen doctor`.
 * @throws StartupError that says what to do
 */
export const probeEventStore = async (options: {
  readonly address: EventStoreAddress;
  readonly streamPrefix: string;
  readonly timeoutMs: number;
  readonly logger: StoreLogger;
}): Promise<EventStoreFacts> => {
  const { address, streamPrefix: prefix, timeoutMs, logger } = options;
  const connection = createConnection(address.connectionString, logger);
  const reading: Reading = { connection, prefix, pageEvents: 10, timeoutMs };
  try {
    const head = await readHead(reading, undefined);
    const logId = await lastIdentity(reading);
    const inside = connection.current.client as unknown as ClientInside;
    const late = (): Error =>
      startupError('event_store_unreachable', 'The event store did not say its version in time.');
    const { serverVersion: version } = await within(inside.capabilities, timeoutMs, late);
    return { version, logId, position: head?.position ?? 0n };
  } catch (error) {
    throw explainUnavailable(address, error);
  } finally {
    await connection.close();
  }
};
