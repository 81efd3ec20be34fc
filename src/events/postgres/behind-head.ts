import { storeUnavailable, type MisplacedRecord, type StoreUnavailableError } from '../store.js';
import type { RunQuery } from './reader.js';

// Each half is one look into the index, also in a log of millions. A head that is gone counts as that of an empty log.
const outsideSql = `
  (SELECT position, stream, revision FROM events WHERE position < 1 ORDER BY position LIMIT 1)
  UNION ALL
  (SELECT position, stream, revision FROM events
    WHERE position > coalesce((SELECT position FROM log_head), 0) ORDER BY position LIMIT 1)
  ORDER BY position LIMIT 1`;

/** See `EventStore.misplaced`. One statement, so that what others append meanwhile is not taken for it. */
export async function readMisplaced(run: RunQuery): Promise<MisplacedRecord | undefined> {
  const [row] = await run({ text: outsideSql, rowMode: 'array' });
  if (row === undefined) return undefined;
  const [position, stream, revision] = row as [string, string, number];
  return { position: BigInt(position), stream, revision };
}

/** What a person reads in the log of the server, at the start and with each append that fails for it. */
export const LOG_BLOCKED =
  'The event log does not end at its head (log_blocked): somebody put a record in by hand, or the head is gone or was set back. ' +
  'Nothing can be appended until a person mends it. "citizen verify" names the record; docs/operations.md, "A blocked log", says how';

/** An append that cannot be done before a person has mended the log. Nothing was written. */
export const logBlocked = (cause: unknown): StoreUnavailableError => storeUnavailable(LOG_BLOCKED, 'none', cause);
