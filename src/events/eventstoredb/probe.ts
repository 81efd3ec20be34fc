import { randomUUID } from 'node:crypto';
import { END } from '@eventstore/db-client';
import { startupError } from '../../platform/startup-error.js';
import type { StoreLogger } from '../store-logger.js';
import { storeUnavailable } from '../store.js';
import { within } from '../waiting.js';
import { createConnection, type Generation } from './connection.js';
import type { EventStoreAddress } from './connection-string.js';
import { placeEvents } from './decide-append.js';
import { explainUnavailable } from './explain.js';
import { classify } from './failures.js';
import { createHeadReader } from './head.js';
import { IDENTITY_STREAM, identityEvent, lastIdentity } from './identity.js';
import { noStream } from './known-streams.js';
import { persistently } from './persistently.js';
import { pull } from './pull.js';
import type { Reading } from './reader.js';
import { encodeEvent } from './stored-event.js';

/** What can be learnt of an event store without writing to it. */
export interface EventStoreFacts {
  /** As the server says it, such as 24.10.0.1. */
  readonly version: string;
  /** Undefined when there is no log with this prefix yet. */
  readonly logId: string | undefined;
  /** Place of the last event of our log; 0 when there is none. */
  readonly position: bigint;
  /** Place of the last event of the server, anybody's; 0 where there is no log of ours. */
  readonly end: bigint;
  /** Whether the user may write streams with our prefix. */
  readonly mayWrite: boolean;
}

interface ClientInside {
  readonly capabilities: Promise<{ readonly serverVersion: string }>;
}

/** Asks for the right to read $all. */
const readAnything = async ({ connection, timeoutMs, logger }: Reading): Promise<void> => {
  async function* part({ client, gone }: Generation): AsyncGenerator<unknown, boolean> {
    const source = client.readAll({ direction: 'backwards', fromPosition: END, maxCount: 1, requiresLeader: true });
    yield* pull(source, () => source.cancel(), { idleMs: timeoutMs, stops: [gone] });
    return false;
  }
  for await (const _event of persistently(connection, part, { logger, giveUpMs: timeoutMs })) return;
};

/** No stream is ever here: an append that expects it is refused. */
const NO_REVISION = 2_000_000_000;

/**
 * Asks for the right to write without writing: the server looks at the rights first, and then refuses for the revision.
 * @throws what the client threw, when neither could be found out
 */
const askMayWrite = async ({ connection, prefix, timeoutMs }: Reading): Promise<boolean> => {
  const [placed] = placeEvents(IDENTITY_STREAM, [identityEvent()], noStream, Date.now());
  const events = placed === undefined ? [] : [{ ...encodeEvent(placed), serverId: randomUUID() }];
  try {
    await connection.current.appends.append(
      { stream: prefix + IDENTITY_STREAM, expected: NO_REVISION, events },
      timeoutMs,
    );
  } catch (error) {
    switch (classify(error)) {
      case 'conflict':
        return true;
      case 'denied':
      case 'tombstoned':
        return false;
      default:
        throw storeUnavailable('The event store did not say whether it may be written to', 'none', error);
    }
  }
  throw storeUnavailable('The event store took an append that it had to refuse', 'unknown');
};

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
  const reading: Reading = { connection, prefix, pageEvents: 10, timeoutMs, logger };
  try {
    await readAnything(reading);
    const logId = await lastIdentity(reading);
    // Where there is no log, its end would be looked for through all that others ever wrote.
    const looked = logId === undefined ? undefined : await createHeadReader(reading)();
    const position = looked?.head?.position ?? 0n;
    const end = looked !== undefined && looked.to > position ? looked.to : position;
    const mayWrite = await askMayWrite(reading);
    const inside = connection.current.client as unknown as ClientInside;
    const late = (): Error =>
      startupError('event_store_unreachable', 'The event store did not say its version in time.');
    const { serverVersion: version } = await within(inside.capabilities, timeoutMs, late);
    return { version, logId, position, end, mayWrite };
  } catch (error) {
    throw explainUnavailable(address, error);
  } finally {
    await connection.close();
  }
};
