import { createHash } from 'node:crypto';
import type pg from 'pg';
import { textArray } from '../events/postgres/binary-array.js';
import type { SqlValue } from './columns.js';
import { keyString, type Changes, type RowSource } from './fold.js';
import type { Projection, Row } from './projection.js';
import {
  hasPrimaryKeySql,
  mostlyInserts,
  primaryKeySql,
  saveSql,
  selectByColumnSql,
  selectByKeySql,
  travelsAsText,
} from './sql.js';

/** The right to write one copy: whoever holds the newest fence. */
export interface Lease {
  readonly table: string;
  readonly fence: string;
}

/** Where a copy stands: every event up to `position` is in its rows. */
export interface Checkpoint {
  readonly position: bigint;
  /** When the event at the position was recorded, if it is known. */
  readonly recordedAt: string | null;
}

export interface RowStore extends RowSource {
  /**
   * Writes the rows and moves the checkpoint, both or neither.
   * @returns false when nothing was written because the copy is no longer ours (or is paused)
   */
  save(changes: Changes, from: bigint, to: Checkpoint): Promise<boolean>;
}

/** How many rows a store keeps in memory, at least; at most twice as many. One row is some hundred bytes. */
const CACHED_ROWS = 5000;

interface RowCache {
  /** undefined: not known; null: known not to exist. */
  get(key: string): Row | null | undefined;
  set(key: string, row: Row | null): void;
  clear(): void;
}

/** Keeps the rows used last, in two generations: when the young one is full the old one is forgotten as a whole. */
function rowCache(capacity: number): RowCache {
  let young = new Map<string, Row | null>();
  let old = new Map<string, Row | null>();
  const set: RowCache['set'] = (key, row) => {
    young.set(key, row);
    if (young.size < capacity) return;
    old = young;
    young = new Map();
  };
  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}

/** For rows that nobody will look for again. */
const noCache: RowCache = { get: () => undefined, set: () => undefined, clear: () => undefined };

/** The values of one column as an array parameter; null when all of them are: `unnest` fills up what is shorter. */
function encodeColumn(projection: Projection, name: string, rows: readonly Row[]): SqlValue[] | Buffer | null {
  const column = projection.columns[name];
  if (column === undefined || (column.nullable && rows.every((row) => row[name] === null))) return null;
  const values = rows.map((row) => column.encode(row[name]));
  if (!travelsAsText(column)) return values;
  // In the binary form: as text each element would be escaped here and parsed there.
  return textArray(values.map((value) => (value === null ? undefined : String(value))));
}

/** A row as pg gives it, in the form that handlers see. */
export function decodeRow(projection: Projection, raw: Readonly<Record<string, unknown>>): Row {
  const row: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(projection.columns)) row[name] = column.decode(raw[name]);
  return row;
}

/** Planned once per connection and not with each batch: the name follows from the text, which names the table. */
const prepared = (text: string, values: unknown[]): pg.QueryConfig => ({
  name: createHash('sha256').update(text).digest('hex').slice(0, 32),
  text,
  values,
});

/** Makes the primary key of a table that was begun without one. */
export async function ensurePrimaryKey(
  db: Pick<pg.Pool, 'query'>,
  projection: Projection,
  table: string,
): Promise<void> {
  const keyed = await db.query(hasPrimaryKeySql(table));
  if (keyed.rowCount === 0) await db.query(primaryKeySql(projection, table));
}

/**
 * Rows of one copy in PostgreSQL. The holder of the lease is the only writer, so rows that it has seen are kept in memory and
 * not read again. Throw the store away when a write failed or the lease was lost.
 * @param toLoad whether the copy is being built and may lack its primary key
 */
export function createRowStore(pool: pg.Pool, projection: Projection, lease: Lease, toLoad = false): RowStore {
  const { table, fence } = lease;
  const cache = mostlyInserts(projection) ? noCache : rowCache(CACHED_ROWS);
  const byKeySql = selectByKeySql(projection, table);
  const [saveKeyed, saveWithoutKey] = [saveSql(projection, table, false), saveSql(projection, table, true)];
  let withoutKey = toLoad && mostlyInserts(projection);
  const columns = Object.keys(projection.columns);

  const read = async (sql: string, parameters: unknown[]): Promise<Row[]> => {
    const result = await pool.query<Record<string, unknown>>(prepared(sql, parameters));
    return result.rows.map((raw) => decodeRow(projection, raw));
  };

  const byKey: RowStore['byKey'] = async (keys) => {
    const rows: Row[] = [];
    const missing = keys.filter((key) => {
      const known = cache.get(keyString(projection, key));
      if (known !== undefined && known !== null) rows.push(known);
      return known === undefined;
    });
    if (missing.length === 0) return rows;
    const found = await read(
      byKeySql,
      projection.key.map((name) => encodeColumn(projection, name, missing)),
    );
    for (const key of missing) cache.set(keyString(projection, key), null);
    for (const row of found) cache.set(keyString(projection, row), row);
    return [...rows, ...found];
  };

  return {
    byKey,
    async byColumn(column, values) {
      // The first rows that are changed after they were made: from here on they must be found.
      if (withoutKey) await ensurePrimaryKey(pool, projection, table);
      withoutKey = false;
      return read(selectByColumnSql(projection, table, column), [values]);
    },
    async save({ upserts, deletes }, from, to) {
      const parameters = [
        to.position.toString(),
        to.recordedAt,
        table,
        fence,
        from.toString(),
        ...columns.map((name) => encodeColumn(projection, name, upserts)),
        ...projection.key.map((name) => encodeColumn(projection, name, deletes)),
      ];
      const result = await pool.query<{ moved: number }>(prepared(withoutKey ? saveWithoutKey : saveKeyed, parameters));
      if (result.rows[0]?.moved !== 1) {
        cache.clear();
        return false;
      }
      for (const row of upserts) cache.set(keyString(projection, row), row);
      for (const row of deletes) cache.set(keyString(projection, row), null);
      return true;
    },
  };
}
