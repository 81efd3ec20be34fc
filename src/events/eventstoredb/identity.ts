import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { startupError } from '../../platform/startup-error.js';
import { isWrongExpectedRevision } from '../store-errors.js';
import type { EventStore, NewEvent } from '../store.js';
import type { Appender } from './appender.js';
import { readStream, type Reading } from './reader.js';

/** Holds the name of the log, as events of the log like all others, so that it is checked like them. */
export const IDENTITY_STREAM = 'log-identity';
const identitySchema = z.object({ logId: z.uuid() });

/** Names a log, or names it anew. */
export const identityEvent = (): NewEvent => ({
  id: randomUUID(),
  type: 'LogNamed',
  schemaVersion: 1,
  payload: JSON.stringify({ logId: randomUUID() }),
  occurredAt: new Date().toISOString(),
  actor: { kind: 'system' },
});

/** The name of the log, or undefined while it has none. */
export const lastIdentity = async (reading: Reading): Promise<string | undefined> => {
  for await (const event of readStream(reading, IDENTITY_STREAM, { direction: 'backwards', limit: 1 })) {
    try {
      return identitySchema.parse(JSON.parse(event.payload)).logId;
    } catch {
      throw startupError(
        'event_store_refused',
        `The stream ${reading.prefix}${IDENTITY_STREAM} holds something that does not name a log. Set EVENTSTORE_STREAM_PREFIX.`,
      );
    }
  }
  return undefined;
};

/**
 * The name of the log; given at its first opening, by whoever comes first. It follows the log into every back-up: whoever
 * restores one must name it anew (`citizen restore-epoch`), or read models that have seen more would be taken for its own.
 */
export const readLogId = async (reading: Reading, appender: Appender): Promise<string> => {
  const found = await lastIdentity(reading);
  if (found !== undefined) return found;
  await appender.append(IDENTITY_STREAM, [identityEvent()], 'noStream').catch((error: unknown) => {
    if (!isWrongExpectedRevision(error)) throw error;
  });
  const named = await lastIdentity(reading);
  if (named === undefined) throw new Error('The log cannot be named');
  return named;
};

/** Gives the log another name, and so all positions another epoch. Nobody else may have the log open meanwhile. */
export const renewEventStoreLogId = async (store: Pick<EventStore, 'append'>): Promise<void> => {
  await store.append(IDENTITY_STREAM, [identityEvent()], { expected: 'streamExists' });
};
