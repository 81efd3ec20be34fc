import type { AnyRecorded } from '../events/catalogue/index.js';
import type { Handler, Projection, Row } from './projection.js';

/** Where the rows of before the batch come from. Both give only rows that exist; order does not matter. */
export interface RowSource {
  byKey(keys: readonly Row[]): Promise<readonly Row[]>;
  byColumn(column: string, values: readonly unknown[]): Promise<readonly Row[]>;
}

/** What a batch changes: the last form of each row, each key at most once. */
export interface Changes {
  readonly upserts: readonly Row[];
  /** Rows (or just their keys) that are no more. */
  readonly deletes: readonly Row[];
}

export interface FoldResult {
  readonly changes: Changes;
  /** The event whose handler threw. `changes` then holds what the events before it did, and nothing after. */
  readonly poison?: { readonly index: number; readonly event: AnyRecorded; readonly error: unknown };
}

interface Entry {
  readonly key: Row;
  readonly before: Row | null;
  now: Row | null;
}
/** A row that an event concerns: its key, and the key as one string. */
interface Concerned {
  readonly name: string;
  readonly key: Row;
}
interface Step {
  readonly event: AnyRecorded;
  readonly handler: Handler;
  readonly rows: readonly Concerned[];
  readonly value: unknown;
}

/** The key of a row as one string, the same for equal keys only. */
export function keyString(projection: Projection, row: Row): string {
  const [only = ''] = projection.key;
  if (projection.key.length === 1) return String(row[only]);
  return projection.key.map((column) => String(row[column])).join('\u0000');
}

/** Which rows each event concerns. Stops at an event whose key function throws. */
function plan(projection: Projection, events: readonly AnyRecorded[]): Pick<FoldResult, 'poison'> & { steps: Step[] } {
  const steps: Step[] = [];
  for (const [index, event] of events.entries()) {
    const handler = projection.handlers.get(event.type);
    if (handler === undefined) continue;
    try {
      const keys = handler.by === 'key' ? handler.keys(event) : [];
      const rows = keys.map((key) => ({ name: keyString(projection, key), key }));
      steps.push({ event, handler, rows, value: handler.by === 'column' ? handler.value(event) : null });
    } catch (error) {
      return { steps, poison: { index, event, error } };
    }
  }
  return { steps };
}

/** Reads each row that the steps need, once. */
async function load(projection: Projection, steps: readonly Step[], source: RowSource): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const wanted = new Map<string, Row>();
  const values = new Map<string, Set<unknown>>();
  for (const { handler, rows, value } of steps) {
    if (handler.by === 'key') {
      if (!handler.fresh) for (const { name, key } of rows) wanted.set(name, key);
    } else if (value !== null) {
      const of = values.get(handler.column) ?? new Set();
      values.set(handler.column, of.add(value));
    }
  }
  // Column by column, then by key: each a round trip, and most batches need only the last one.
  const found = await Promise.all([
    ...[...values].map(([column, of]) => source.byColumn(column, [...of])),
    wanted.size === 0 ? [] : source.byKey([...wanted.values()]),
  ]);
  for (const row of found.flat()) entries.set(keyString(projection, row), { key: row, before: row, now: row });
  return entries;
}

type After = Concerned & { readonly now: Row | null };

/** The rows after one event, without changing anything yet: an event counts whole or not at all. */
function applyStep({ handler, event, rows, value }: Step, entries: Map<string, Entry>): After[] {
  if (handler.by === 'key') {
    return rows.map(({ name, key }) => ({ name, key, now: handler.apply(entries.get(name)?.now ?? null, event, key) }));
  }
  const after: After[] = [];
  if (value === null) return after;
  for (const [name, { key, now }] of entries) {
    if (now !== null && now[handler.column] === value) after.push({ name, key, now: handler.apply(now, event) });
  }
  return after;
}

function changesOf(entries: Map<string, Entry>): Changes {
  const upserts: Row[] = [];
  const deletes: Row[] = [];
  for (const { key, before, now } of entries.values()) {
    if (now === before) continue;
    if (now === null) deletes.push(key);
    else upserts.push(now);
  }
  return { upserts, deletes };
}

/**
 * Folds a batch of events, in order, over the rows that they concern: reads each row at most once, and says what to write.
 * Pure but for the reading. The result does not depend on how events are cut into batches.
 */
export async function foldBatch(
  projection: Projection,
  events: readonly AnyRecorded[],
  source: RowSource,
): Promise<FoldResult> {
  const { steps, poison } = plan(projection, events);
  const entries = await load(projection, steps, source);
  for (const step of steps) {
    let after: After[];
    try {
      after = applyStep(step, entries);
    } catch (error) {
      const { event } = step;
      return { changes: changesOf(entries), poison: { index: events.indexOf(event), event, error } };
    }
    for (const { name, key, now } of after) {
      const entry = entries.get(name);
      if (entry === undefined) entries.set(name, { key, before: null, now });
      else entry.now = now;
    }
  }
  return { changes: changesOf(entries), ...(poison === undefined ? {} : { poison }) };
}
