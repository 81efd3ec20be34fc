import type pg from 'pg';
import { shortHash } from '../platform/short-hash.js';
import type { Difference, ShownRow } from './admin.js';
import type { Projection } from './projection.js';

// Compares two tables of one projection in the database, row by row.

type Db = Pick<pg.PoolClient, 'query'>;

/** The first row that differs, with all values as texts, as PostgreSQL writes them. */
export interface RawDifference {
  readonly kind: Difference['kind'];
  readonly columns: readonly string[];
  readonly live: RawRow | null;
  readonly rebuilt: RawRow | null;
  /** The values of the key, in its order. */
  readonly key: readonly string[];
}
export type RawRow = Readonly<Record<string, string | null>>;

const keyOrder = (projection: Projection): string =>
  projection.key
    .map((name) => `coalesce(l.${name}, r.${name})${projection.columns[name]?.sql === 'text' ? ' COLLATE "C"' : ''}`)
    .join(', ');

/** The key of the first row that differs, and how many do. */
function firstSql(projection: Projection, live: string, rebuilt: string): string {
  const [key = ''] = projection.key;
  const rest = Object.keys(projection.columns).filter((name) => !projection.key.includes(name));
  const row = (alias: string): string => `ROW(${rest.map((name) => `${alias}.${name}`).join(', ')})`;
  const changed = rest.length === 0 ? '' : ` OR ${row('l')} IS DISTINCT FROM ${row('r')}`;
  return `
SELECT ${projection.key.map((name) => `coalesce(l.${name}, r.${name})::text AS ${name}`).join(', ')}, count(*) OVER ()::int AS differing
FROM ${live} l FULL JOIN ${rebuilt} r ON ${projection.key.map((name) => `l.${name} = r.${name}`).join(' AND ')}
WHERE l.${key} IS NULL OR r.${key} IS NULL${changed}
ORDER BY ${keyOrder(projection)} LIMIT 1`;
}

async function readRow(db: Db, projection: Projection, table: string, key: readonly string[]): Promise<RawRow | null> {
  const columns = Object.keys(projection.columns).map((name) => `${name}::text AS ${name}`);
  const where = projection.key.map((name, i) => `${name} = $${i + 1}::${projection.columns[name]?.sql ?? 'text'}`);
  const { rows } = await db.query<RawRow>(`SELECT ${columns.join(', ')} FROM ${table} WHERE ${where.join(' AND ')}`, [
    ...key,
  ]);
  return rows[0] ?? null;
}

export interface Comparison {
  /** Rows of the live table. */
  readonly rows: number;
  /** Rows that differ, are missing, or are too many. */
  readonly count: number;
  readonly first: RawDifference | undefined;
}

/** Compares all rows as the transaction of `db` sees them. The whole work is the database's; one row is fetched. */
export async function compareTables(
  db: Db,
  projection: Projection,
  { live, rebuilt }: { readonly live: string; readonly rebuilt: string },
): Promise<Comparison> {
  const counted = await db.query<{ rows: string }>(`SELECT count(*)::text AS rows FROM ${live}`);
  const rows = Number(counted.rows[0]?.rows ?? 0);
  const found = await db.query<RawRow & { differing: number }>(firstSql(projection, live, rebuilt));
  const [first] = found.rows;
  if (first === undefined) return { rows, count: 0, first: undefined };
  const key = projection.key.map((name) => first[name] ?? '');
  const [liveRow, rebuiltRow] = [await readRow(db, projection, live, key), await readRow(db, projection, rebuilt, key)];
  const kind = liveRow === null ? 'missing_live' : rebuiltRow === null ? 'extra_live' : 'changed';
  const columns = Object.keys(projection.columns).filter(
    (name) => !projection.key.includes(name) && (kind !== 'changed' || liveRow?.[name] !== rebuiltRow?.[name]),
  );
  return { rows, count: first.differing, first: { kind, columns, live: liveRow, rebuilt: rebuiltRow, key } };
}

const SHOWN_CHARS = 80;
const sealed = /sealed:v1:[A-Za-z0-9_-]+:[^\s"\\:]+:[A-Za-z0-9_-]*/g;

/** A value for people: what is sealed, and what is long, only as a short hash. Equal values look equal. */
export function shownText(value: string | null): string | null {
  if (value === null) return null;
  const masked = value.replace(sealed, (text) => `sealed:${shortHash(text)}`);
  return masked.length > SHOWN_CHARS ? `hash:${shortHash(value)}` : masked;
}

const shownValue = (column: string, value: string | null): string | null =>
  // Whoever has the id of a session may open the conversation; its short reference is what lists show and replay takes.
  column === 'session_id' && value !== null ? `session:${shortHash(value)}` : shownText(value);

/** The values of some columns for people. */
export const shownRow = (row: RawRow, columns: readonly string[]): ShownRow =>
  Object.fromEntries(columns.map((name) => [name, shownValue(name, row[name] ?? null)]));
