import { createHash } from 'node:crypto';
import type { AnyRecorded, DomainEventType, Recorded } from '../events/catalogue/index.js';
import type { Columns, RowOf } from './columns.js';

/** A row of any projection, where the columns are not known at compile time. */
export type Row = Readonly<Record<string, unknown>>;

export interface IndexSpec {
  readonly columns: readonly string[];
  readonly unique?: boolean;
}

/** How one type of event changes rows, with types erased: what runner, rebuild and tests work with. */
export type Handler =
  | {
      readonly by: 'key';
      /** The event makes its row: no row with this key can be there yet, so none is looked for. */
      readonly fresh: boolean;
      keys(event: AnyRecorded): readonly Row[];
      apply(row: Row | null, event: AnyRecorded, key: Row): Row | null;
    }
  | {
      readonly by: 'column';
      readonly column: string;
      value(event: AnyRecorded): unknown;
      apply(row: Row, event: AnyRecorded): Row | null;
    };

/** A read model: its table, and how events change its rows. Made by `defineProjection`. */
export interface Projection<R = Row> {
  readonly name: string;
  /** Raised whenever the table or the meaning of a row changes; the new one is then built beside the old one. */
  readonly version: number;
  readonly columns: Columns;
  readonly key: readonly string[];
  readonly indexes: readonly IndexSpec[];
  readonly handlers: ReadonlyMap<string, Handler>;
  /** The event types that it listens to. */
  readonly types: readonly string[];
  /** Fingerprint of the table's form: tells a change that forgot to raise the version. */
  readonly shape: string;
  /** The row type, for `RowOfProjection`; there is no value behind it. */
  readonly row?: R;
}

export type RowOfProjection<P> = P extends Projection<infer R> ? R : never;

type EventOfType<T extends DomainEventType> = Extract<Recorded, { type: T }>;
type Names<C> = keyof C & string;

/** One row per key: it is made, changed, or removed (null). */
interface KeyedSpec<R, K extends keyof R, E> {
  readonly key: (event: E) => Pick<R, K> | readonly Pick<R, K>[] | null;
  /** True when the event is always the first of its key: saves looking for the row. */
  readonly fresh?: boolean;
  /** Is asked once for each key, and told which one. */
  readonly apply: (row: R | null, event: E, key: Pick<R, K>) => R | null;
}
/** All rows that are there now with this value in this column (which needs an index); null: none. */
interface ManySpec<R, E> {
  readonly column: keyof R & string;
  readonly value: (event: E) => string | null;
  readonly apply: (row: R, event: E) => R | null;
}

interface ProjectionSpec<C extends Columns, K extends Names<C>> {
  readonly name: string;
  readonly version: number;
  readonly table: {
    readonly columns: C;
    readonly key: readonly K[];
    readonly indexes?: readonly { readonly columns: readonly Names<C>[]; readonly unique?: boolean }[];
  };
  /** Events that concern rows by their key. */
  readonly on: { readonly [T in DomainEventType]?: KeyedSpec<RowOf<C>, K, EventOfType<T>> };
  /** Events that concern every row with some value. An event type stands in one of the two only. */
  readonly onMany?: { readonly [T in DomainEventType]?: ManySpec<RowOf<C>, EventOfType<T>> };
}

/** Names become SQL identifiers, so only these are taken; 40 leaves room for version and number within PostgreSQL's 63. */
const nameForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const columnForm = /^[a-z][a-z0-9_]{0,50}$/;

function check(spec: ProjectionSpec<Columns, string>): void {
  const { name, version, table } = spec;
  const wrong = (what: string): Error => new Error(`Projection ${name}: ${what}`);
  if (!nameForm.test(name) || name.length > 40) throw wrong('its name must be lower-case words joined by dashes');
  if (!Number.isInteger(version) || version < 1) throw wrong('its version must be a whole number from 1');
  const columns = Object.keys(table.columns);
  const odd = columns.find((column) => !columnForm.test(column));
  if (odd !== undefined) throw wrong(`column ${odd} is not a plain lower-case identifier`);
  if (table.key.length === 0) throw wrong('it has no key');
  const indexed = (table.indexes ?? []).map((index) => index.columns);
  const lost = [...table.key, ...indexed.flat()].find((column) => !columns.includes(column));
  if (lost !== undefined) throw wrong(`there is no column ${lost}`);
  const keyTypes = ['text', 'integer', 'bigint'];
  const unfit = table.key.find((column) => !keyTypes.includes(table.columns[column]?.sql ?? ''));
  if (unfit !== undefined) throw wrong(`key column ${unfit} must be of type ${keyTypes.join(', ')}`);
  const firsts = [table.key[0], ...indexed.map((index) => index[0])];
  for (const [type, { column }] of Object.entries(spec.onMany ?? {})) {
    if (!firsts.includes(column)) throw wrong(`${type} selects rows by ${column}, which no index begins with`);
    if (Object.hasOwn(spec.on, type)) throw wrong(`${type} is handled twice`);
  }
}

const asArray = <T>(value: T | readonly T[] | null): readonly T[] =>
  value === null ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Both maps below file each handler under its own event type, so it is only ever given events of that type. */
type Loose<F> = F extends (...args: never[]) => infer Out ? (...args: unknown[]) => Out : never;
const loose = <F extends (...args: never[]) => unknown>(f: F): Loose<F> => f as unknown as Loose<F>;

function handlersOf({ on, onMany = {} }: ProjectionSpec<Columns, string>): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const [type, { key, fresh, apply }] of Object.entries(on)) {
    const keys = loose(key);
    handlers.set(type, {
      by: 'key',
      fresh: fresh ?? false,
      keys: (event) => asArray<Row>(keys(event)),
      apply: loose(apply),
    });
  }
  for (const [type, { column, value, apply }] of Object.entries(onMany)) {
    handlers.set(type, { by: 'column', column, value: loose(value), apply: loose(apply) });
  }
  return handlers;
}

/**
 * Declares a read model in one value. `key` says which rows an event concerns, `apply` gives the row after the event (null:
 * no row), both pure; the same row given back means that nothing changed. Row and event types follow from `table` and `on`.
 * Personal fields arrive sealed and are kept sealed.
 * @throws Error when names are not plain identifiers or refer to columns that do not exist (a mistake of the programmer)
 */
export function defineProjection<const C extends Columns, const K extends Names<C>>(
  spec: ProjectionSpec<C, K>,
): Projection<RowOf<C>> {
  const untyped = spec as unknown as ProjectionSpec<Columns, string>;
  check(untyped);
  const { name, version, table } = untyped;
  const indexes = table.indexes ?? [];
  const handlers = handlersOf(untyped);
  const form = Object.entries(table.columns).map(([column, { sql, nullable }]) => [column, sql, nullable]);
  const shape = createHash('sha256')
    .update(JSON.stringify([form, table.key, indexes]))
    .digest('hex')
    .slice(0, 16);
  return {
    name,
    version,
    columns: table.columns,
    key: table.key,
    indexes,
    handlers,
    types: [...handlers.keys()],
    shape,
  };
}
