import { expect } from 'vitest';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { applyBatch } from '../../src/projections/apply.js';
import { keyString } from '../../src/projections/fold.js';
import type { Projection, Row, RowOfProjection } from '../../src/projections/projection.js';
import type { RowStore } from '../../src/projections/row-store.js';

/** Rows in memory with a checkpoint, which behave like those in PostgreSQL: what is read went through the columns' types. */
export interface MemoryRows extends RowStore {
  readonly position: bigint;
  /** In order of key. */
  rows(): readonly Row[];
  /** Lets the next save fail after having done nothing, as when a process dies. */
  failOnce(): void;
}

/** What a row looks like after it was written to PostgreSQL and read again. */
function throughDatabase(projection: Projection, row: Row): Row {
  const read = Object.entries(projection.columns).map(([name, column]): [string, unknown] => {
    const written = column.encode(row[name]);
    if (written === null) return [name, column.decode(null)];
    if (column.sql === 'jsonb') return [name, column.decode(JSON.parse(written as string))];
    return [name, column.decode(column.sql === 'timestamptz' ? new Date(written as string) : written)];
  });
  return Object.fromEntries(read);
}

/** Sorted by key, so that rows of two places can be compared. */
export const inKeyOrder = (projection: Projection, rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (keyString(projection, a) < keyString(projection, b) ? -1 : 1));

export function memoryRows(projection: Projection): MemoryRows {
  const rows = new Map<string, Row>();
  const state = { position: 0n, failing: false };
  return {
    get position() {
      return state.position;
    },
    rows: () => inKeyOrder(projection, [...rows.values()]),
    failOnce: () => void (state.failing = true),
    byKey: (keys) => Promise.resolve(keys.flatMap<Row>((key) => rows.get(keyString(projection, key)) ?? [])),
    byColumn: (column, values) => Promise.resolve([...rows.values()].filter((row) => values.includes(row[column]))),
    save({ upserts, deletes }, from, to) {
      if (state.failing) {
        state.failing = false;
        return Promise.reject(new Error('The connection was lost'));
      }
      if (from !== state.position) return Promise.resolve(false);
      for (const row of deletes) rows.delete(keyString(projection, row));
      for (const row of upserts) rows.set(keyString(projection, row), throughDatabase(projection, row));
      state.position = to.position;
      return Promise.resolve(true);
    },
  };
}

/** Applies what comes after the checkpoint, as the runner does. */
export async function deliver(
  projection: Projection,
  store: MemoryRows,
  events: readonly AnyRecorded[],
): Promise<void> {
  const fresh = events.filter(({ meta }) => meta.position > store.position);
  const last = fresh.at(-1);
  if (last === undefined) return;
  const batch = { events: fresh, position: last.meta.position, recordedAt: last.meta.recordedAt };
  const applied = await applyBatch(projection, store, store.position, batch);
  if (applied.kind === 'poison') throw new Error(`${applied.failure.eventType}: ${applied.failure.message}`);
}

/** Rows after events that were cut into batches of these sizes (repeated), with a crash and a repeat after each batch. */
export async function foldInBatches(
  projection: Projection,
  events: readonly AnyRecorded[],
  sizes: readonly number[],
): Promise<readonly Row[]> {
  const store = memoryRows(projection);
  for (let from = 0, n = 0; from < events.length; n += 1) {
    const to = from + (sizes[n % sizes.length] ?? 1);
    const batch = events.slice(from, to);
    store.failOnce();
    await deliver(projection, store, batch).catch(() => undefined);
    await deliver(projection, store, batch);
    // Delivered twice: the checkpoint says that they count already.
    await deliver(projection, store, batch);
    from = to;
  }
  return store.rows();
}

/**
 * `await givenEvents(projection, events).thenRows([...])`: rows are compared in the order of their keys, and only in the
 * columns that are named. The same events are also applied one by one, with a crash and a repeat after each, and must give
 * the same rows.
 */
export function givenEvents<P extends Projection>(projection: P, events: readonly AnyRecorded[]) {
  const all = async (): Promise<readonly Row[]> => {
    const rows = await foldInBatches(projection, events, [events.length]);
    expect(await foldInBatches(projection, events, [1])).toEqual(rows);
    return rows;
  };
  return {
    async thenRows(expected: readonly Partial<RowOfProjection<P>>[]): Promise<void> {
      const rows = await all();
      expect(rows).toHaveLength(expected.length);
      expect(rows).toMatchObject(expected as object[]);
    },
  };
}
