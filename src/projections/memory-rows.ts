import type { AnyRecorded } from '../events/catalogue/index.js';
import { foldBatch, keyString, type Changes, type RowSource } from './fold.js';
import type { Projection, Row } from './projection.js';

/** Rows of one read model in memory: the same folds as in the database, kept by nobody. */
export interface MemoryRows extends RowSource {
  /** Folds these events, which must come after all that were folded before. @throws what a handler threw */
  fold(events: readonly AnyRecorded[]): Promise<void>;
  write(changes: Changes): void;
  /** All rows as they are now, in no order. */
  rows(): readonly Row[];
}

/** The order in which PostgreSQL gives the fields of `jsonb`: short names first. */
function inJsonbOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inJsonbOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, inJsonbOrder(field)]));
}

/**
 * A row as PostgreSQL gives it back: times and numbers went through the types of their columns. So a fold here and one there
 * go on from the same values.
 */
export function asStored(projection: Projection, row: Row): Row {
  const read = Object.entries(projection.columns).map(([name, column]): [string, unknown] => {
    const written = column.encode(row[name]);
    if (written === null) return [name, column.decode(null)];
    if (column.sql === 'jsonb') return [name, column.decode(inJsonbOrder(JSON.parse(written as string)))];
    return [name, column.decode(column.sql === 'timestamptz' ? new Date(written as string) : written)];
  });
  return Object.fromEntries(read);
}

/** Values of the columns by which handlers select rows, each with the keys of the rows that have it. */
function createIndex(projection: Projection) {
  const columns = [...projection.handlers.values()].flatMap((handler) =>
    handler.by === 'column' ? handler.column : [],
  );
  const index = new Map(columns.map((column) => [column, new Map<unknown, Set<string>>()]));
  return {
    add(key: string, row: Row): void {
      for (const [column, byValue] of index) {
        const keys = byValue.get(row[column]) ?? new Set<string>();
        byValue.set(row[column], keys.add(key));
      }
    },
    remove(key: string, row: Row): void {
      for (const [column, byValue] of index) byValue.get(row[column])?.delete(key);
    },
    find: (column: string, value: unknown): readonly string[] => [...(index.get(column)?.get(value) ?? [])],
  };
}

/** Makes an empty read model in memory. */
export function createMemoryRows(projection: Projection): MemoryRows {
  const rows = new Map<string, Row>();
  const index = createIndex(projection);
  const source: RowSource = {
    byKey: (keys) => Promise.resolve(keys.flatMap<Row>((key) => rows.get(keyString(projection, key)) ?? [])),
    byColumn: (column, values) =>
      Promise.resolve(values.flatMap((value) => index.find(column, value).flatMap<Row>((key) => rows.get(key) ?? []))),
  };
  const put = (key: string, row: Row | undefined): void => {
    const before = rows.get(key);
    if (before !== undefined) index.remove(key, before);
    rows.delete(key);
    if (row === undefined) return;
    rows.set(key, row);
    index.add(key, row);
  };
  const write = ({ upserts, deletes }: Changes): void => {
    for (const row of deletes) put(keyString(projection, row), undefined);
    for (const row of upserts) put(keyString(projection, row), asStored(projection, row));
  };
  return {
    ...source,
    write,
    async fold(events) {
      const { changes, poison } = await foldBatch(projection, events, source);
      write(changes);
      if (poison !== undefined) throw poison.error;
    },
    rows: () => [...rows.values()],
  };
}
