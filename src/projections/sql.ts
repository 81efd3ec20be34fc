import type { Column } from './columns.js';
import type { IndexSpec, Projection } from './projection.js';

// All SQL of a read model, made from its definition. Names were checked when it was defined, so they are written as they are.

const snake = (name: string): string => name.replaceAll('-', '_');

/** The view through which code of this version reads: it always shows whichever table is live. */
export const viewName = ({ name, version }: Pick<Projection, 'name' | 'version'>): string =>
  `${snake(name)}_v${version}`;

/** The name of the n-th table made for this version. */
export const tableName = (projection: Pick<Projection, 'name' | 'version'>, number: string): string =>
  `${viewName(projection)}_${number}`;

/** Matches the tables of all copies of a projection, whatever version. */
export const tablePattern = (name: string): string => `^${snake(name)}_v[0-9]+_[0-9]+$`;

const columnsOf = (projection: Projection): readonly (readonly [string, Column<unknown>])[] =>
  Object.entries(projection.columns);
const listOf = (projection: Projection): string => Object.keys(projection.columns).join(', ');

/** Columns whose values are sent as texts and become what they are in the statement. */
export const travelsAsText = ({ sql }: Column<unknown>): boolean =>
  sql === 'text' || sql === 'jsonb' || sql === 'timestamptz';

const transport = (column: Column<unknown>): string => (travelsAsText(column) ? 'text' : column.sql);
const received = (alias: string, [name, column]: readonly [string, Column<unknown>]): string =>
  transport(column) === column.sql ? `${alias}.${name}` : `${alias}.${name}::${column.sql}`;

/**
 * Whether every event makes a row of its own, but for those that look for rows by a column (an erasure). Then a load looks for
 * no row until the first of these, and even the primary key can wait so long, or until all rows are there: sorting them once is
 * cheaper than finding the place of each.
 */
export const mostlyInserts = (projection: Projection): boolean =>
  [...projection.handlers.values()].every((handler) => handler.by === 'column' || handler.fresh);

const primaryKey = (projection: Projection): string => `PRIMARY KEY (${projection.key.join(', ')})`;

export function createTableSql(projection: Projection, table: string, toLoad: boolean): string {
  const columns = columnsOf(projection).map(
    ([name, column]) => `${name} ${column.sql}${column.nullable ? '' : ' NOT NULL'}`,
  );
  const parts = toLoad && mostlyInserts(projection) ? columns : [...columns, primaryKey(projection)];
  return `CREATE TABLE ${table} (${parts.join(', ')})`;
}

const indexSql = (table: string, { columns, unique }: IndexSpec): string =>
  `CREATE ${unique === true ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${table}_${columns.join('_')} ON ${table} (${columns.join(', ')})`;

/** Indexes that folding itself needs, to be there from the start; and those that can wait until a table is loaded. */
export function indexesSql(projection: Projection, table: string): { needed: string[]; later: string[] } {
  const selected = new Set([...projection.handlers.values()].flatMap((h) => (h.by === 'column' ? [h.column] : [])));
  const isNeeded = (index: IndexSpec): boolean => index.columns[0] !== undefined && selected.has(index.columns[0]);
  return {
    needed: projection.indexes.filter((index) => isNeeded(index)).map((index) => indexSql(table, index)),
    later: projection.indexes.filter((index) => !isNeeded(index)).map((index) => indexSql(table, index)),
  };
}

/** Tells whether a table has its primary key. */
export const hasPrimaryKeySql = (table: string): string =>
  `SELECT 1 FROM pg_index WHERE indrelid = to_regclass('${table}') AND indisprimary`;

/** The primary key of a table that was loaded without one. */
export const primaryKeySql = (projection: Projection, table: string): string =>
  `ALTER TABLE ${table} ADD ${primaryKey(projection)}`;

/**
 * The view over a table of this very version, or of another one (`available`: its columns and their types): what that one
 * lacks shows as null or blank. So new code can read the old table until its own has been built.
 */
export function viewSql(projection: Projection, table: string, available?: ReadonlyMap<string, string>): string {
  const columns = columnsOf(projection).map(([name, column]) =>
    available === undefined || available.get(name) === column.sql
      ? name
      : `${column.nullable ? 'null' : column.blank}::${column.sql} AS ${name}`,
  );
  return `CREATE OR REPLACE VIEW ${viewName(projection)} AS SELECT ${columns.join(', ')} FROM ${table}`;
}

/** Rows by key; parameters: one array per key column. */
export function selectByKeySql(projection: Projection, table: string): string {
  const [only, second] = projection.key;
  const arrays = projection.key.map((name, i) => `$${i + 1}::${projection.columns[name]?.sql ?? 'text'}[]`);
  if (second === undefined)
    return `SELECT ${listOf(projection)} FROM ${table} WHERE ${only ?? ''} = ANY(${arrays.join()})`;
  const key = projection.key.join(', ');
  return `SELECT ${listOf(projection)} FROM ${table} WHERE (${key}) IN (SELECT * FROM unnest(${arrays.join(', ')}))`;
}

/** Rows by the value of one column; parameter: an array of texts. */
export const selectByColumnSql = (projection: Projection, table: string, column: string): string =>
  `SELECT ${listOf(projection)} FROM ${table} WHERE ${column} = ANY($1::text[])`;

/** Parameters of `saveSql` before the arrays of columns. */
export const SAVE_FIXED_PARAMETERS = 5;

/**
 * One statement that moves the checkpoint and writes the rows, or does nothing at all when the checkpoint is not where this
 * owner left it. Parameters: $1 new position, $2 its time, $3 table name, $4 fence, $5 old position, then one array per
 * column (rows to keep), then one per key column (rows to delete).
 *
 * A table `withoutKey` does not have its primary key yet, and the rows are new.
 *
 * It commits without waiting for the disk. That is safe: rows and checkpoint are lost together or not at all, and what is
 * lost is folded again from the log, which does wait.
 */
export function saveSql(projection: Projection, table: string, withoutKey: boolean): string {
  const columns = columnsOf(projection);
  const keys = projection.key.map((name) => [name, projection.columns[name]] as const);
  const kept = columns.map(([, column], i) => `$${SAVE_FIXED_PARAMETERS + 1 + i}::${transport(column)}[]`);
  const gone = keys.map(
    ([, column], i) => `$${SAVE_FIXED_PARAMETERS + 1 + columns.length + i}::${column?.sql ?? 'text'}[]`,
  );
  const names = listOf(projection);
  const key = projection.key.join(', ');
  const rest = columns.filter(([name]) => !projection.key.includes(name)).map(([name]) => name);
  const onConflict =
    rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  return `
WITH moved AS (
  UPDATE projections SET position = $1, recorded_at = coalesce($2, recorded_at), updated_at = now()
  WHERE table_name = $3 AND fence = $4 AND position = $5 AND state = 'running' RETURNING 1
), gone AS (
  DELETE FROM ${table} t USING moved, unnest(${gone.join(', ')}) AS k(${key})
  WHERE ${projection.key.map((name) => `t.${name} = k.${name}`).join(' AND ')}
), kept AS (
  INSERT INTO ${table} (${names})
  SELECT ${columns.map((column) => received('u', column)).join(', ')}
  FROM moved, unnest(${kept.join(', ')}) AS u(${names})
  ${withoutKey ? '' : `ON CONFLICT (${key}) DO ${onConflict}`}
)
SELECT (SELECT count(*)::int FROM moved) AS moved, set_config('synchronous_commit', 'off', true)`;
}
