import type pg from 'pg';
import { startupError } from '../platform/startup-error.js';
import type { CopyRole } from './admin.js';
import { acquire, type Held } from './leases.js';
import type { Projection } from './projection.js';
import { createTableSql, indexesSql, tableName, tablePattern, viewName, viewSql } from './sql.js';

// The copies of a read model in PostgreSQL: making and finding their tables.

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
export const lockName = (client: Db, name: string): Promise<unknown> =>
  client.query(`SELECT pg_advisory_xact_lock(hashtextextended('citizen/projection/' || $1, 0))`, [name]);

async function makeCopy(client: Db, projection: Projection, logId: string, role: CopyRole): Promise<string> {
  const { rows } = await client.query<{ number: string }>(`SELECT nextval('projection_tables')::text AS number`);
  const table = tableName(projection, rows[0]?.number ?? '');
  await client.query(createTableSql(projection, table, role !== 'live'));
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
      `Check DATABASE_URL and EVENTSTORE_URL; if the log was replaced on purpose, run "citizen projections rebuild ${name}".`,
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
export async function dropOrphans(client: Db, name: string): Promise<void> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
     AND relname ~ $1 AND relname NOT IN (SELECT table_name FROM projections)`,
    [tablePattern(name)],
  );
  for (const { relname } of rows) await client.query(`DROP TABLE ${relname}`);
}

/** What came of the wish to work on a copy. */
export type Taken =
  | { readonly kind: 'taken'; readonly lease: Held }
  /** Somebody holds it. `until`: when that ends unless it is prolonged; who lives prolongs. */
  | { readonly kind: 'busy'; readonly until: string }
  /** As many rebuilds and checks as may be are at work, in all processes together. */
  | { readonly kind: 'full' };

export interface TakeOptions {
  /** Unique name of this rebuild: however many copies it feeds, it counts as one. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly maxAtOnce: number;
}

/** How many other rebuilds and checks are at work, wherever they run. One lock makes counting and taking one step. */
async function othersAtWork(client: Db, owner: string): Promise<number> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('citizen/projection-rebuilds', 0))`);
  const { rows } = await client.query<{ others: number }>(
    `SELECT count(DISTINCT owner)::int AS others FROM projections
     WHERE role IN ('building', 'verifying') AND lease_until > now() AND owner <> $1`,
    [owner],
  );
  return rows[0]?.others ?? 0;
}

/**
 * Finds the copy that an interrupted rebuild (or check) left, or begins a new one, and takes it. What was left by other
 * code, or of another log, is thrown away.
 */
export async function takeCopy(
  pool: pg.Pool,
  projection: Projection,
  logId: string,
  role: 'building' | 'verifying',
  { owner, leaseMs, maxAtOnce }: TakeOptions,
): Promise<Taken> {
  return inTransaction(pool, async (client) => {
    const others = await othersAtWork(client, owner);
    await lockName(client, projection.name);
    await dropOrphans(client, projection.name);
    const { rows } = await client.query<{ table_name: string; usable: boolean; busy: boolean; until: string }>(
      `SELECT table_name, (log_id = $3 AND shape = $4) AS usable, coalesce(lease_until > now(), false) AS busy,
              lease_until::text AS until
       FROM projections WHERE name = $1 AND version = $2 AND role = $5 FOR UPDATE`,
      [projection.name, projection.version, logId, projection.shape, role],
    );
    const [left] = rows;
    if (left?.busy === true) return { kind: 'busy', until: left.until };
    if (others >= maxAtOnce) return { kind: 'full' };
    if (left !== undefined && !left.usable) {
      await client.query(`DELETE FROM projections WHERE table_name = $1`, [left.table_name]);
      await client.query(`DROP TABLE IF EXISTS ${left.table_name}`);
    }
    if (left?.usable !== true) await makeCopy(client, projection, logId, role);
    await client.query(
      `UPDATE projections SET state = 'running', error = NULL WHERE name = $1 AND version = $2 AND role = $3`,
      [projection.name, projection.version, role],
    );
    const lease = await acquire(client, projection, role, { owner, leaseMs });
    return lease === undefined ? { kind: 'busy', until: '' } : { kind: 'taken', lease };
  });
}
