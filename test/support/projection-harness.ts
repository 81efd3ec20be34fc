import { isDeepStrictEqual } from 'node:util';
import { vi } from 'vitest';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { applyBatch } from '../../src/projections/apply.js';
import { keyString } from '../../src/projections/fold.js';
import { asStored, createMemoryRows } from '../../src/projections/memory-rows.js';
import type { Projection, Row } from '../../src/projections/projection.js';
import type { RowStore } from '../../src/projections/row-store.js';

// Folds a projection as the runner does, and watches it keep the rules of docs/projections.md meanwhile. What tests write
// with it is in `given-projection.ts`.

/** Rows in memory with a checkpoint, which behave like those in PostgreSQL: what is read went through the columns' types. */
export interface MemoryStore extends RowStore {
  readonly position: bigint;
  /** In order of key. */
  rows(): readonly Row[];
  /** Lets the next save fail after having done nothing, as when a process dies. */
  failOnce(): void;
}

/** Sorted by key, so that rows of two places can be compared. */
export const inKeyOrder = (projection: Projection, rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (keyString(projection, a) < keyString(projection, b) ? -1 : 1));

/** Whoever changes it now gets a TypeError: rows and events are not the handler's to change. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value) as unknown[]) frozen(part);
  Object.freeze(value);
  return value;
}

/** A fold goes on from what was written and read again; another value than before would make it depend on the batches. */
function mustSurvive(projection: Projection, row: Row): void {
  const read = asStored(projection, row);
  const names = new Set([...Object.keys(row), ...Object.keys(read)]);
  const lost = [...names].filter((name) => !isDeepStrictEqual(read[name], row[name]));
  if (lost.length > 0)
    throw new Error(`${projection.name}: column ${lost.join(', ')} does not read as it was written (see columns.ts)`);
}

export function memoryRows(projection: Projection): MemoryStore {
  const held = createMemoryRows(projection);
  const state = { position: 0n, failing: false };
  return {
    get position() {
      return state.position;
    },
    rows: () => inKeyOrder(projection, held.rows()),
    failOnce: () => void (state.failing = true),
    byKey: async (keys) => (await held.byKey(keys)).map(frozen),
    byColumn: async (column, values) => (await held.byColumn(column, values)).map(frozen),
    save(changes, from, to) {
      if (state.failing) {
        state.failing = false;
        return Promise.reject(new Error('The connection was lost'));
      }
      if (from !== state.position) return Promise.resolve(false);
      for (const row of changes.upserts) mustSurvive(projection, row);
      held.write(changes);
      state.position = to.position;
      return Promise.resolve(true);
    },
  };
}

/** A handler that says `fresh` is never shown the row of before, so there must be none. */
async function mustBeFresh(projection: Projection, store: MemoryStore, event: AnyRecorded): Promise<void> {
  const handler = projection.handlers.get(event.type);
  if (handler?.by !== 'key' || !handler.fresh) return;
  const there = await store.byKey(handler.keys(event));
  if (there.length > 0) throw new Error(`${projection.name}: ${event.type} says "fresh", but its row is there already`);
}

/** Applies what comes after the checkpoint, as the runner does. @throws Error at an event that the projection cannot apply */
export async function deliver(
  projection: Projection,
  store: MemoryStore,
  events: readonly AnyRecorded[],
): Promise<void> {
  const fresh = events.filter(({ meta }) => meta.position > store.position).map(frozen);
  const last = fresh.at(-1);
  if (last === undefined) return;
  if (fresh.length === 1) await mustBeFresh(projection, store, last);
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

/** The same many years later, as a rebuild does it: the rows of a projection that looks at the clock are other ones then. */
export async function foldYearsLater(...args: Parameters<typeof foldInBatches>): Promise<readonly Row[]> {
  vi.setSystemTime(new Date('2051-02-03T04:05:06.789Z'));
  try {
    return await foldInBatches(...args);
  } finally {
    vi.useRealTimers();
  }
}
