import type { Pool } from 'pg';
import type { CachedKey, KeyCache } from '../key-cache.js';
import { unwrapKey, wrapKey } from '../key-wrap.js';
import type { PersonalClass } from '../personal.js';

/** Most look-ups in one query. */
const MAX_BATCH = 1_000;

interface Wanted {
  readonly name: string;
  readonly subject: string;
  readonly personalClass: PersonalClass;
  /** Make the key when there is none. */
  readonly make: boolean;
  readonly resolve: (key: CachedKey | undefined) => void;
  readonly reject: (error: unknown) => void;
}

type Row = Pick<Wanted, 'subject' | 'personalClass'>;
type Found = ReadonlyMap<string, Buffer | null>;

export interface KeyLoader {
  /** The key, `destroyed`, or undefined when there never was one (or, with `make`, when the whole subject was erased). */
  load(subject: string, personalClass: PersonalClass, make: boolean): Promise<CachedKey | undefined>;
  /** After a key was destroyed: forgets all keys, those still being read included. */
  forget(): void;
}

const nameOf = (subject: string, personalClass: string): string => `${subject}/${personalClass}`;
const columns = (rows: readonly Row[]): [string[], string[]] => [
  rows.map(({ subject }) => subject),
  rows.map(({ personalClass }) => personalClass),
];

interface KeyRow {
  readonly subject: string;
  readonly class: string;
  readonly wrapped: Buffer | null;
}
const byName = (rows: readonly KeyRow[]): Found =>
  new Map(rows.map((row) => [nameOf(row.subject, row.class), row.wrapped]));

const readRows = async (pool: Pool, rows: readonly Row[]): Promise<Found> => {
  const { rows: found } = await pool.query<KeyRow>({
    name: 'read-subject-keys',
    text: `SELECT k.subject, k.class, k.wrapped
             FROM unnest($1::text[], $2::text[]) AS asked (subject, class)
             JOIN subject_keys k ON k.subject = asked.subject AND k.class = asked.class`,
    values: columns(rows),
  });
  return byName(found);
};

/** Gives the keys that were kept. Several processes may make the same one at once: the first wins, the others read it. */
const insertKeys = async (pool: Pool, rows: readonly Row[], wrapped: readonly Buffer[]): Promise<Found> => {
  const { rows: kept } = await pool.query<KeyRow>({
    name: 'insert-subject-keys',
    text: `INSERT INTO subject_keys (subject, class, wrapped)
           SELECT made.subject, made.class, made.wrapped
             FROM unnest($1::text[], $2::text[], $3::bytea[]) AS made (subject, class, wrapped)
            WHERE NOT EXISTS (SELECT FROM subject_keys owner
                               WHERE owner.subject = split_part(made.subject, '.', 1) AND owner.class = made.class
                                 AND owner.destroyed_at IS NOT NULL)
            ORDER BY made.subject COLLATE "C", made.class COLLATE "C" -- one order everywhere: no deadlock
           ON CONFLICT DO NOTHING
           RETURNING subject, class, wrapped`,
    values: [...columns(rows), wrapped],
  });
  const own = byName(kept);
  const others = rows.filter(({ subject, personalClass }) => !own.has(nameOf(subject, personalClass)));
  return others.length === 0 ? own : new Map([...own, ...(await readRows(pool, others))]);
};

/**
 * Reads and makes keys in batches: while one query is on its way, the next look-ups gather for the one after it.
 */
export const createKeyLoader = (options: {
  readonly pool: Pool;
  readonly masterKey: Buffer;
  readonly cache: KeyCache;
  readonly nowMs: () => number;
  readonly newKey: () => Buffer;
}): KeyLoader => {
  const { pool, masterKey, cache } = options;
  const state = {
    busy: false,
    epoch: 0,
    queue: [] as Wanted[],
    loading: new Map<string, Promise<CachedKey | undefined>>(),
  };

  const settle = (wanted: Wanted, found: Found, cacheAs: { readonly readAtMs: number } | undefined): void => {
    const wrapped = found.get(wanted.name);
    try {
      const key =
        wrapped === undefined
          ? undefined
          : wrapped === null
            ? 'destroyed'
            : unwrapKey(masterKey, wanted.subject, wanted.personalClass, wrapped);
      if (key !== undefined && cacheAs !== undefined) cache.set(wanted.name, key, cacheAs.readAtMs);
      wanted.resolve(key);
    } catch (error) {
      wanted.reject(error);
    }
  };

  const makeMissing = async (batch: readonly Wanted[], found: Found): Promise<Found> => {
    const missing = batch.filter(({ make, name }) => make && !found.has(name));
    if (missing.length === 0) return found;
    const wrapped = missing.map(({ subject, personalClass }) =>
      wrapKey(masterKey, subject, personalClass, options.newKey()),
    );
    return new Map([...found, ...(await insertKeys(pool, missing, wrapped))]);
  };

  const run = async (batch: readonly Wanted[]): Promise<void> => {
    const epoch = state.epoch;
    const readAtMs = options.nowMs();
    try {
      const found = await makeMissing(batch, await readRows(pool, batch));
      // Read before a key was destroyed here: good for whoever asked then, not to be remembered.
      for (const wanted of batch) settle(wanted, found, epoch === state.epoch ? { readAtMs } : undefined);
    } catch (error) {
      for (const wanted of batch) wanted.reject(error);
    }
  };

  const drain = async (): Promise<void> => {
    state.busy = true;
    while (state.queue.length > 0) await run(state.queue.splice(0, MAX_BATCH));
    state.busy = false;
  };

  const enqueue = (subject: string, personalClass: PersonalClass, make: boolean): Promise<CachedKey | undefined> => {
    const name = nameOf(subject, personalClass);
    // One look-up for all who want the same; a look-up that makes the key is another one.
    const loadingName = `${name}/${make}`;
    const running = state.loading.get(loadingName);
    if (running !== undefined) return running;
    const started = new Promise<CachedKey | undefined>((resolve, reject) => {
      state.queue.push({ name, subject, personalClass, make, resolve, reject });
    }).finally(() => {
      if (state.loading.get(loadingName) === started) state.loading.delete(loadingName);
    });
    state.loading.set(loadingName, started);
    // Not at once: callers of the same turn of the event loop share the query.
    if (!state.busy) {
      state.busy = true;
      setImmediate(() => void drain());
    }
    return started;
  };

  return {
    load: (subject, personalClass, make) => {
      const cached = cache.get(nameOf(subject, personalClass));
      return cached === undefined ? enqueue(subject, personalClass, make) : Promise.resolve(cached);
    },
    forget: () => {
      state.epoch++;
      state.loading.clear();
      cache.clear();
    },
  };
};
