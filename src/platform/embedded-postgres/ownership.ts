import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { startupError } from '../startup-error.js';
import { isAlive } from './process-state.js';

/** Two numbers that name our lock in the database `postgres` of a cluster; chosen once, at random. */
const lock = [1_749_102_836, 1] as const;
const patienceMs = 3000;

/**
 * Makes this process the one server of the cluster, for as long as the connection lives: holds a session-level advisory
 * lock. PostgreSQL lets only one postmaster work on a data directory, so whoever holds this lock owns DATA_DIR.
 *
 * A lock of an owner that was killed goes with its connection, at once or a little later; that is waited for.
 * @throws StartupError `data_dir_in_use` naming the process that owns it
 */
export async function takeOwnership(client: pg.Client, dataDir: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [...lock]);
    if (rows[0]?.taken === true) return;
    const owner = await ownerPid(client);
    if (performance.now() > deadline || (owner !== undefined && (await isAlive(owner)))) {
      const who = owner === undefined ? 'Another server' : `Another server (process ${owner})`;
      throw startupError(
        'data_dir_in_use',
        `${who} is using DATA_DIR ${dataDir}. Stop it first, or give this one a DATA_DIR of its own.`,
      );
    }
    await delay(50);
  }
}

async function ownerPid(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT activity.application_name AS name
       FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
      WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
        AND held.classid = $1::oid AND held.objid = $2::oid`,
    [...lock],
  );
  const pid = Number(/^citizen-owner (\d+)$/.exec(rows[0]?.name ?? '')?.[1]);
  return Number.isInteger(pid) ? pid : undefined;
}
