import type pg from 'pg';
import type { EventStore } from './events/store.js';
import { startupError } from './platform/startup-error.js';

/** How far the read models and reactors in the database have come in a log; 0 when they know nothing of it. */
export const passedPosition = async (pool: Pick<pg.Pool, 'query'>, logId: string): Promise<bigint> => {
  const { rows } = await pool.query<{ position: string | null }>(
    `SELECT greatest(
       (SELECT max(position) FROM projections WHERE log_id = $1::text),
       (SELECT max(position) FROM reactor_checkpoints WHERE log_id::text = $1::text))::text AS position`,
    [logId],
  );
  return BigInt(rows[0]?.position ?? 0);
};

/** What is wrong when a log ends before a place that was passed; undefined when nothing is. */
export const olderLogProblem = (end: bigint, passed: bigint): string | undefined =>
  passed <= end
    ? undefined
    : `The event log ends at position ${String(end)}, but the read models have passed position ${String(passed)}: it was restored ` +
      'from an older back-up. Stop all servers, then run "citizen restore-epoch" and "citizen projections rebuild" ' +
      '(docs/operations.md, "Back-up and restore").';

/**
 * A log that ends before places which read models or reactors have passed was restored from a back-up that is older than they
 * are. What is recorded from now on would get such places again and be passed over for ever, in silence. Where log and read
 * models are in one database, and so in one back-up, this does not come about.
 *
 * On a server with other programs' events it is found only when all of them together are too few.
 * @throws StartupError `log_older_than_read_models`
 */
export const refuseOlderLog = async (
  pool: Pick<pg.Pool, 'query'>,
  store: Pick<EventStore, 'head' | 'logId'>,
): Promise<void> => {
  // These first: other servers may go on meanwhile.
  const passed = await passedPosition(pool, store.logId);
  const { position, end = position } = await store.head();
  const problem = olderLogProblem(end, passed);
  if (problem !== undefined) throw startupError('log_older_than_read_models', problem);
};
