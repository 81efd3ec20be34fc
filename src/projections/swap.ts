import type pg from 'pg';
import type { CopyState } from './admin.js';
import { dropOrphans, inTransaction, lockName } from './copies.js';
import type { Projection } from './projection.js';
import { ensurePrimaryKey, type Lease } from './row-store.js';
import { indexesSql, viewSql } from './sql.js';
import { sleep } from './timing.js';

// How a copy that was built takes the place of the live one, and what happens to the one before.

type Named = Pick<Projection, 'name' | 'version'>;

const ATTEMPTS = 60;
const PAUSE_MS = 250;
/** How long a swap waits for locks of others: whoever comes after it waits behind it. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '1s'`;

/** Tries again when locks of others were in the way, after a pause in which they can pass. */
export async function patiently<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if ((code !== '55P03' && code !== '40P01') || attempt === ATTEMPTS) throw error;
      await sleep(PAUSE_MS, signal ?? new AbortController().signal);
      signal?.throwIfAborted();
    }
  }
}

/** Makes the indexes that a loaded copy still lacks, and tells the planner how big it is. */
export async function finishTable(db: Pick<pg.Pool, 'query'>, projection: Projection, table: string): Promise<void> {
  await ensurePrimaryKey(db, projection, table);
  for (const sql of indexesSql(projection, table).later) await db.query(sql);
  await db.query(`ANALYZE ${table}`);
}

/** The copy that serves, while its writer waits. */
interface Live {
  readonly position: string;
  readonly state: CopyState;
  readonly same_log: boolean;
}

/** The live copy becomes the previous one; what was that before is forgotten. Of another log there is no way back. */
async function retire(client: pg.PoolClient, { name, version }: Named, comesIn: string, live: Live): Promise<void> {
  await client.query(
    `DELETE FROM projections WHERE name = $1 AND version = $2 AND role = 'previous' AND table_name <> $3`,
    [name, version, comesIn],
  );
  // The fence rises: a write of its old holder that waits for this transaction will do nothing.
  await client.query(
    live.same_log
      ? `UPDATE projections SET role = 'leaving', state = 'running', error = NULL, fence = fence + 1, owner = NULL, lease_until = NULL,
           rate = 0, failures = 0, waiting_reason = NULL, waiting_since = NULL, updated_at = now()
         WHERE name = $1 AND version = $2 AND role = 'live'`
      : `DELETE FROM projections WHERE name = $1 AND version = $2 AND role = 'live'`,
    [name, version],
  );
}

/**
 * Puts a copy in the place of the live one, in one transaction; the live one is kept as the previous one. `catchUp` is called
 * while the live one stands still, with its position: the new one must get at least as far, so that no reader ever sees time
 * go backwards. A projection that was paused stays so.
 * @throws Error when the copy is ours no more
 */
export async function swap(
  pool: pg.Pool,
  projection: Projection,
  lease: Lease,
  catchUp: (liveAt: bigint) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(LOCK_TIMEOUT);
    await lockName(client, projection.name);
    const { rows } = await client.query<Live>(
      `SELECT l.position::text, l.state, l.log_id = b.log_id AS same_log FROM projections l, projections b
       WHERE l.name = $1 AND l.version = $2 AND l.role = 'live' AND b.table_name = $3 FOR UPDATE OF l`,
      [projection.name, projection.version, lease.table],
    );
    const [live] = rows;
    if (live?.same_log === true) await catchUp(BigInt(live.position));
    if (live !== undefined) await retire(client, projection, lease.table, live);
    await client.query(viewSql(projection, lease.table));
    const result = await client.query(
      `UPDATE projections SET role = 'live', state = $3, paused_reason = (
           SELECT paused_reason FROM projections WHERE name = $4 AND version = $5 AND role = 'leaving'),
         fence = fence + 1, owner = NULL, lease_until = NULL, rate = 0, phase = NULL, max_load = NULL, updated_at = now()
       WHERE table_name = $1 AND fence = $2 AND state = 'running'`,
      [lease.table, lease.fence, live?.state === 'paused' ? 'paused' : 'running', projection.name, projection.version],
    );
    if (result.rowCount !== 1) throw new Error(`The copy of ${projection.name} was taken over by another process`);
    await client.query(
      `UPDATE projections SET role = 'previous', paused_reason = NULL WHERE name = $1 AND version = $2 AND role = 'leaving'`,
      [projection.name, projection.version],
    );
  });
}

/** Drops tables that nothing names any more. @returns false when a lock of somebody was in the way: the next rebuild will */
export async function dropUnnamed(pool: pg.Pool, { name }: Pick<Projection, 'name'>): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query(LOCK_TIMEOUT);
    await lockName(client, name);
    await dropOrphans(client, name);
  }).then(
    () => true,
    () => false,
  );
}
