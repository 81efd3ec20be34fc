import type pg from 'pg';
import { dropOrphans, inTransaction, lockName } from './copies.js';
import type { Projection } from './projection.js';
import { ensurePrimaryKey, type Lease } from './row-store.js';
import { indexesSql, viewName, viewSql } from './sql.js';

// How a copy that was built takes the place of the live one, and what happens to the one before.

type Named = Pick<Projection, 'name' | 'version'>;

const SWAP_ATTEMPTS = 10;

/** Tries again when locks of others were in the way: a swap waits for no more than a few seconds, lest all wait behind it. */
export async function patiently(task: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await task();
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if ((code !== '55P03' && code !== '40P01') || attempt === SWAP_ATTEMPTS) throw error;
    }
  }
}

/** Makes the indexes that a loaded copy still lacks, and tells the planner how big it is. */
export async function finishTable(db: Pick<pg.Pool, 'query'>, projection: Projection, table: string): Promise<void> {
  await ensurePrimaryKey(db, projection, table);
  for (const sql of indexesSql(projection, table).later) await db.query(sql);
  await db.query(`ANALYZE ${table}`);
}

/**
 * Puts a built copy in the place of the live one, in one transaction. `catchUp` is called while the live one stands still, with
 * its position: the new one must get at least as far, so that no reader ever sees time go backwards.
 * @throws Error when the copy is ours no more
 */
export async function swap(
  pool: pg.Pool,
  projection: Projection,
  lease: Lease,
  catchUp: (liveAt: bigint) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, projection.name);
    const { rows } = await client.query<{ position: string; log_id: string; same_log: boolean }>(
      `SELECT l.position::text, l.log_id = b.log_id AS same_log FROM projections l, projections b
       WHERE l.name = $1 AND l.version = $2 AND l.role = 'live' AND b.table_name = $3 FOR UPDATE OF l`,
      [projection.name, projection.version, lease.table],
    );
    const [live] = rows;
    if (live?.same_log === true) await catchUp(BigInt(live.position));
    // The old table itself is dropped afterwards: the old writer may be waiting with a lock on it for this transaction.
    await client.query(`DELETE FROM projections WHERE name = $1 AND version = $2 AND role = 'live'`, [
      projection.name,
      projection.version,
    ]);
    await client.query(viewSql(projection, lease.table));
    const result = await client.query(
      `UPDATE projections SET role = 'live', owner = NULL, lease_until = NULL, rate = 0, updated_at = now()
       WHERE table_name = $1 AND fence = $2 AND state = 'running'`,
      [lease.table, lease.fence],
    );
    if (result.rowCount !== 1) throw new Error(`The rebuild of ${projection.name} was taken over by another process`);
  });
}

/** Drops what a swap left behind. */
export async function dropReplaced(pool: pg.Pool, projection: Named): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, projection.name);
    await dropOrphans(client, projection.name);
  });
}

/** How long a copy of another version is kept after its last owner: old processes, or a roll-back, may still want it. */
const KEPT_AFTER_LAST_OWNER = '1 day';

/** Drops copies of other versions that nobody has kept up to date for a day, once this version is live. */
export async function dropOtherVersions(pool: pg.Pool, { name, version }: Named): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, name);
    const { rows } = await client.query<{ table_name: string; version: number }>(
      `DELETE FROM projections o USING projections l
       WHERE o.name = $1 AND o.version <> $2 AND l.name = $1 AND l.version = $2 AND l.role = 'live'
         AND coalesce(o.lease_until, o.updated_at) < now() - $3::interval
       RETURNING o.table_name, o.version`,
      [name, version, KEPT_AFTER_LAST_OWNER],
    );
    for (const old of rows) {
      await client.query(`DROP VIEW IF EXISTS ${viewName({ name, version: old.version })}`);
      await client.query(`DROP TABLE IF EXISTS ${old.table_name}`);
    }
  });
}
