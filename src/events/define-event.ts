import type { z } from 'zod';

/** Turns data of one schema version into the next one. Pure; works on unsealed or sealed data alike. */
export type Upcast = (data: Record<string, unknown>) => Record<string, unknown>;

export interface EventDefinition<T extends string = string, S extends z.ZodObject = z.ZodObject> {
  readonly type: T;
  /** The current schema version, from 1. */
  readonly version: number;
  readonly schema: S;
  /** One sentence for docs/events.md: the fact, in the past tense. */
  readonly summary: string;
  /** `upcasts[1]` takes version 1 to version 2, and so on; one for every version before the current one. */
  readonly upcasts: Readonly<Record<number, Upcast>>;
}

/** Declares one event of the catalogue. Its stored form at each version has a sample in `test/fixtures/events/`. */
export const defineEvent = <T extends string, S extends z.ZodObject>(
  type: T,
  summary: string,
  schema: S,
  options: { version?: number; upcasts?: Readonly<Record<number, Upcast>> } = {},
): EventDefinition<T, S> => ({
  type,
  summary,
  schema,
  version: options.version ?? 1,
  upcasts: options.upcasts ?? {},
});

/** `{ type, data }` of a definition. */
export type EventOf<D> =
  D extends EventDefinition<infer T, infer S> ? { readonly type: T; readonly data: Readonly<z.infer<S>> } : never;
