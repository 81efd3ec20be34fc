import type pg from 'pg';
import type { Codec } from '../../events/event-log.js';
import { SEALED_PREFIX } from '../../events/seal.js';
import type { Projection, RowOfProjection } from '../projection.js';
import { decodeRow } from '../row-store.js';
import { viewName } from '../sql.js';

export type Database = Pick<pg.Pool, 'query'>;

/**
 * Reads rows of a read model as they are now, typed.
 * @param tail what follows `SELECT … FROM <view>`, or a function from the view's name to a whole statement
 */
export async function readRows<P extends Projection>(
  db: Database,
  projection: P,
  tail: string | ((view: string) => string),
  parameters: readonly unknown[],
): Promise<RowOfProjection<P>[]> {
  // The view shows one table or the other, never both: a swap replaces it in one transaction.
  const view = viewName(projection);
  const sql = typeof tail === 'string' ? `SELECT * FROM ${view} ${tail}` : tail(view);
  const { rows } = await db.query<Record<string, unknown>>(sql, [...parameters]);
  return rows.map((raw) => decodeRow(projection, raw) as RowOfProjection<P>);
}

/** Opens a sealed field of a row; a field that an upcaster filled in is not sealed. Erased reads as `ERASED`. */
export const openField = async (codec: Pick<Codec, 'openText'>, field: string): Promise<string> =>
  field.startsWith(SEALED_PREFIX) ? codec.openText(field) : field;
