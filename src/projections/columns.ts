/** What pg takes as one element of an array parameter. */
export type SqlValue = string | number | boolean | null;

/**
 * One column of a read model: its SQL type, and how a value goes there and back. A row that was written and read again is
 * equal to the row before, so that a fold may go on from either.
 */
export interface Column<T> {
  readonly sql: 'text' | 'integer' | 'bigint' | 'boolean' | 'timestamptz' | 'jsonb';
  readonly nullable: boolean;
  /** What a column that must not be null shows while an older table without this column still serves. */
  readonly blank: string;
  encode(value: T): SqlValue;
  decode(raw: unknown): T;
}

export type Columns = Readonly<Record<string, Column<unknown>>>;

/** The row type that follows from the columns. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** Any text; also ids and sealed strings. */
export const text: Column<string> = {
  sql: 'text',
  nullable: false,
  blank: `''`,
  encode: (value) => value,
  decode: (raw) => raw as string,
};

/** A text of a closed set, such as a state. */
export const oneOf = <T extends string>(): Column<T> => text as Column<unknown> as Column<T>;

/** A whole number of at most 32 bits. */
export const integer: Column<number> = {
  sql: 'integer',
  nullable: false,
  blank: '0',
  encode: (value) => value,
  decode: (raw) => raw as number,
};

/** A position of the log. */
export const bigint: Column<bigint> = {
  sql: 'bigint',
  nullable: false,
  blank: '0',
  encode: (value) => value.toString(),
  decode: (raw) => BigInt(raw as string),
};

export const boolean: Column<boolean> = {
  sql: 'boolean',
  nullable: false,
  blank: 'false',
  encode: (value) => value,
  decode: (raw) => raw as boolean,
};

/** An ISO 8601 time in UTC with milliseconds, as events carry it. */
export const time: Column<string> = {
  sql: 'timestamptz',
  nullable: false,
  blank: `'epoch'`,
  encode: (value) => value,
  decode: (raw) => (raw as Date).toISOString(),
};

/** A small structured value. Must be plain JSON: no undefined, no dates. */
export const json = <T>(): Column<T> => ({
  sql: 'jsonb',
  nullable: false,
  blank: `'null'`,
  encode: (value) => JSON.stringify(value),
  decode: (raw) => raw as T,
});

/** The same column, where null stands for "none". */
export const nullable = <T>(column: Column<T>): Column<T | null> => ({
  sql: column.sql,
  nullable: true,
  blank: 'null',
  encode: (value) => (value === null ? null : column.encode(value)),
  decode: (raw) => (raw === null ? null : column.decode(raw)),
});
