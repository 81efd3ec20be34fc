import type pg from 'pg';
import type { EventLog } from '../../events/event-log.js';
import { rowsAsOf, type Moment } from '../../projections/as-of.js';
import type { Projection, Row, RowOfProjection } from '../../projections/projection.js';
import { readRows } from '../../projections/queries/rows.js';
import { leavingOut, loadSkips } from '../../projections/skips.js';

/** Which rows of a read model are wanted. Said once, and done alike by the database and over a fold of the log. */
export interface Wanted {
  /** Rows whose columns have these values. */
  readonly equal?: Readonly<Record<string, string>>;
  /** Rows whose time in this column is not before. ISO 8601 with milliseconds. */
  readonly since?: { readonly column: string; readonly time: string } | undefined;
  readonly order: readonly { readonly column: string; readonly descending?: boolean }[];
  readonly limit: number;
}

type Comparable = string | number | bigint;

/** Times are ISO 8601 and texts compare by code unit: the order of PostgreSQL with the collation "C". */
const compare = (a: unknown, b: unknown): number => ((a as Comparable) < (b as Comparable) ? -1 : a === b ? 0 : 1);

/** Picks rows in memory. */
export function pick<R extends Row>(rows: readonly R[], { equal = {}, since, order, limit }: Wanted): R[] {
  const fits = (row: R): boolean =>
    Object.entries(equal).every(([column, value]) => row[column] === value) &&
    (since === undefined || compare(row[since.column], since.time) >= 0);
  const inOrder = (a: R, b: R): number => {
    for (const { column, descending } of order) {
      const by = compare(a[column], b[column]);
      if (by !== 0) return descending === true ? -by : by;
    }
    return 0;
  };
  return rows.filter(fits).sort(inOrder).slice(0, limit);
}

/** The same by the database. Column names come from the program, never from a person. */
function tailOf(projection: Projection, { equal = {}, since, order, limit }: Wanted) {
  const parameters: unknown[] = [];
  const given = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = Object.entries(equal).map(([column, value]) => `${column} = ${given(value)}`);
  if (since !== undefined) conditions.push(`${since.column} >= ${given(since.time)}`);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const collate = (column: string): string => (projection.columns[column]?.sql === 'text' ? ' COLLATE "C"' : '');
  const by = order.map(({ column, descending }) => `${column}${collate(column)}${descending === true ? ' DESC' : ''}`);
  return { tail: `${where} ORDER BY ${by.join(', ')} LIMIT ${given(limit)}`, parameters };
}

export interface RowsDependencies {
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly log: Pick<EventLog, 'readPages' | 'head'>;
}

/** Rows of a read model: live ones, or those of a past moment. Asked for "now" both give the same. */
export async function readWanted<P extends Projection>(
  { pool, log }: RowsDependencies,
  projection: P,
  wanted: Wanted,
  at: Moment | undefined,
): Promise<readonly RowOfProjection<P>[]> {
  if (at !== undefined) {
    const rows: readonly RowOfProjection<P>[] = await rowsAsOf(
      projection,
      leavingOut(log, await loadSkips(pool, projection)),
      at,
    );
    return pick(rows as readonly Row[], wanted) as readonly Row[] as readonly RowOfProjection<P>[];
  }
  const { tail, parameters } = tailOf(projection, wanted);
  return readRows(pool, projection, tail, parameters);
}
