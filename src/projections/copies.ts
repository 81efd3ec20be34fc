import type pg from 'pg';
import { startupError } from '../platform/startup-error.js';
import type { Projection } from './projection.js';
import type { Checkpoint, Lease } from './row-store.js';
import { createTableSql, indexesSql, primaryKeySql, tableName, tablePattern, viewName, viewSql } from './sql.js';

// The copies of a read model in PostgreSQL: making, finding, swapping and dropping their tables.

type Db = Pick<pg.Pool, 'query'>;
type Named = Pick<Projection, 'name' | 'version'>;

/** Runs `work` in one transaction on a connection of its own. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // A connection that cannot roll back is of no more use; the server ends its transaction.
    const useless = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(useless);
    throw error;
  }
}

/** One process at a time makes, swaps or drops tables of a projection; held to the end of the transaction. */
const lockName = (client: Db, name: string): Promise<unknown> =>
  client.query(`SELECT pg_advisory_xact_lock(hashtextextended('citizen/projection/' || $1, 0))`, [name]);

async function makeCopy(client: Db, projection: Projection, logId: string, role: 'live' | 'building'): Promise<string> {
  const { rows } = await client.query<{ number: string }>(`SELECT nextval('projection_tables')::text AS number`);
  const table = tableName(projection, rows[0]?.number ?? '');
  await client.query(createTableSql(projection, table, role === 'building'));
  const indexes = indexesSql(projection, table);
  for (const sql of role === 'live' ? [...indexes.needed, ...indexes.later] : indexes.needed) await client.query(sql);
  await client.query(
    `INSERT INTO projections (table_name, name, version, shape, role, log_id) VALUES ($1, $2, $3, $4, $5, $6)`,
    [table, projection.name, projection.version, projection.shape, role, logId],
  );
  return table;
}

interface LiveCopy {
  readonly table_name: string;
  readonly version: number;
  readonly shape: string;
  readonly log_id: string;
}

const otherLog = (name: string): Error =>
  startupError(
    'read_model_of_another_log',
    `The read model ${name} was made from another event log than the one that is connected. ` +
      `Check DATABASE_URL; if the log was replaced on purpose, run "citizen projections rebuild ${name}".`,
  );
const changedShape = ({ name, version }: Named): Error =>
  startupError(
    'projection_changed',
    `The columns of the projection ${name} were changed but its version is still ${version}. Raise its version.`,
  );

/** New code beside an old table: its view shows the old rows until its own have been built. */
async function viewOverOld(client: Db, projection: Projection, old: LiveCopy): Promise<void> {
  // Through the old version's own view, so that old processes may go on rebuilding their table.
  const shown = viewName({ name: projection.name, version: old.version });
  const { rows } = await client.query<{ name: string; sql: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS sql FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [shown],
  );
  const sqlNames: Readonly<Record<string, string>> = { 'timestamp with time zone': 'timestamptz' };
  const available = new Map(rows.map(({ name, sql }) => [name, sqlNames[sql] ?? sql]));
  await client.query(viewSql(projection, shown, available));
}

/**
 * Sees to it that the view of this projection can be read: makes its first table, or lets the view show the table of another
 * version until this one has been built. Safe to call from several processes at once.
 * @returns `live` when this version has a live table, `to_build` when one must be built beside the other version's
 * @throws StartupError `read_model_of_another_log`, or `projection_changed` (columns changed without a new version)
 */
export async function ensureCopy(pool: pg.Pool, projection: Projection, logId: string): Promise<'live' | 'to_build'> {
  return inTransaction(pool, async (client) => {
    await lockName(client, projection.name);
    await dropOrphans(client, projection.name);
    const { rows } = await client.query<LiveCopy>(
      `SELECT table_name, version, shape, log_id FROM projections WHERE name = $1 AND role = 'live'
       ORDER BY version = $2 DESC, updated_at DESC`,
      [projection.name, projection.version],
    );
    const [newest] = rows;
    if (newest === undefined) {
      const table = await makeCopy(client, projection, logId, 'live');
      await client.query(viewSql(projection, table));
      return 'live';
    }
    if (newest.log_id !== logId) throw otherLog(projection.name);
    if (newest.version === projection.version) {
      if (newest.shape !== projection.shape) throw changedShape(projection);
      return 'live';
    }
    const exists = await client.query(`SELECT 1 WHERE to_regclass($1) IS NOT NULL`, [viewName(projection)]);
    if (exists.rowCount === 0) await viewOverOld(client, projection, newest);
    return 'to_build';
  });
}

/** Drops tables that no row of the control table names: left by a process that died between swap and drop. */
async function dropOrphans(client: Db, name: string): Promise<void> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
     AND relname ~ $1 AND relname NOT IN (SELECT table_name FROM projections)`,
    [tablePattern(name)],
  );
  for (const { relname } of rows) await client.query(`DROP TABLE ${relname}`);
}

export interface Held extends Lease, Checkpoint {}

interface HeldRow {
  readonly table_name: string;
  readonly fence: string;
  readonly position: string;
  readonly recorded_at: Date | null;
}
const held = (row: HeldRow): Held => ({
  table: row.table_name,
  fence: row.fence,
  position: BigInt(row.position),
  recordedAt: row.recorded_at?.toISOString() ?? null,
});

/**
 * Takes the copy in this role, when nobody else holds it and it is running. The fence rises, so a former holder that still
 * lives can write no more.
 */
export async function acquire(
  db: Db,
  { name, version }: Named,
  role: 'live' | 'building',
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
): Promise<Held | undefined> {
  const { rows } = await db.query<HeldRow>(
    `UPDATE projections SET owner = $1, lease_until = now() + $2 * interval '1 ms', fence = fence + 1, updated_at = now()
     WHERE name = $3 AND version = $4 AND role = $5 AND state = 'running'
       AND (owner IS NULL OR owner = $1 OR lease_until < now())
     RETURNING table_name, fence::text, position::text, recorded_at`,
    [owner, leaseMs, name, version, role],
  );
  return rows[0] && held(rows[0]);
}

/** Prolongs a lease and tells the rate. @returns false when the copy is ours no more, or no longer running */
export async function renew(
  db: Db,
  { table, fence }: Lease,
  { leaseMs, rate }: { readonly leaseMs: number; readonly rate: number },
): Promise<boolean> {
  const result = await db.query(
    `UPDATE projections SET lease_until = now() + $3 * interval '1 ms', rate = $4
     WHERE table_name = $1 AND fence = $2 AND state = 'running'`,
    [table, fence, leaseMs, rate],
  );
  return result.rowCount === 1;
}

/** Gives a lease back, so that another process need not wait for its end. */
export async function release(db: Db, { table, fence }: Lease): Promise<void> {
  await db.query(
    `UPDATE projections SET owner = NULL, lease_until = NULL, rate = 0 WHERE table_name = $1 AND fence = $2`,
    [table, fence],
  );
}

/** Where and why a projection stopped. Holds no data of the event. */
export interface ProjectionFailure {
  readonly position: string | null;
  readonly eventType: string;
  readonly message: string;
  readonly stack: readonly string[];
}

/** Stops a copy visibly. Only its holder can. */
export async function markFailed(db: Db, { table, fence }: Lease, failure: ProjectionFailure): Promise<void> {
  await db.query(
    `UPDATE projections SET state = 'failed', error = $3, owner = NULL, lease_until = NULL, rate = 0, updated_at = now()
     WHERE table_name = $1 AND fence = $2`,
    [table, fence, JSON.stringify(failure)],
  );
}

/** Lets a failed copy try again, once per start of a process: the code may have been put right. */
export async function retryFailed(db: Db, { name, version }: Named): Promise<void> {
  await db.query(
    `UPDATE projections SET state = 'running', error = NULL, updated_at = now()
     WHERE name = $1 AND version = $2 AND state = 'failed'`,
    [name, version],
  );
}

/** The checkpoint of the live table, or undefined while there is none of this version. */
export async function livePosition(db: Db, { name, version }: Named): Promise<bigint | undefined> {
  const { rows } = await db.query<{ position: string }>(
    `SELECT position::text FROM projections WHERE name = $1 AND version = $2 AND role = 'live'`,
    [name, version],
  );
  return rows[0] && BigInt(rows[0].position);
}

/**
 * Finds the copy that an interrupted rebuild left, or begins a new one, and takes it.
 * @returns undefined when another process is at it
 */
export async function takeBuilding(
  pool: pg.Pool,
  projection: Projection,
  logId: string,
  lease: { readonly owner: string; readonly leaseMs: number },
): Promise<Held | undefined> {
  return inTransaction(pool, async (client) => {
    await lockName(client, projection.name);
    await dropOrphans(client, projection.name);
    const { rows } = await client.query<{ table_name: string; usable: boolean; busy: boolean }>(
      `SELECT table_name, (log_id = $3 AND shape = $4) AS usable, coalesce(lease_until > now(), false) AS busy
       FROM projections WHERE name = $1 AND version = $2 AND role = 'building' FOR UPDATE`,
      [projection.name, projection.version, logId, projection.shape],
    );
    const [left] = rows;
    if (left?.busy === true) return undefined;
    if (left !== undefined && !left.usable) {
      await client.query(`DELETE FROM projections WHERE table_name = $1`, [left.table_name]);
      await client.query(`DROP TABLE IF EXISTS ${left.table_name}`);
    }
    if (left?.usable !== true) await makeCopy(client, projection, logId, 'building');
    await client.query(
      `UPDATE projections SET state = 'running', error = NULL WHERE name = $1 AND version = $2 AND role = 'building'`,
      [projection.name, projection.version],
    );
    return acquire(client, projection, 'building', lease);
  });
}

/** Makes the indexes that a loaded copy still lacks, and tells the planner how big it is. */
export async function finishTable(db: Db, projection: Projection, table: string): Promise<void> {
  const keyed = await db.query(`SELECT 1 FROM pg_index WHERE indrelid = to_regclass($1) AND indisprimary`, [table]);
  if (keyed.rowCount === 0) await db.query(primaryKeySql(projection, table));
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
