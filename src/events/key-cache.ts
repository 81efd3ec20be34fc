/** What is remembered of one key: the key itself, or that it was destroyed. */
export type CachedKey = Buffer | 'destroyed';

export interface KeyCache {
  get(name: string): CachedKey | undefined;
  /** `readAtMs`: when the look-up began. Its age counts from there, so that no answer is older than the time to live. */
  set(name: string, key: CachedKey, readAtMs: number): void;
  clear(): void;
}

/**
 * Remembers keys for a time and up to a number; the one unused for longest goes first.
 * @param ttlMs milliseconds; 0 remembers nothing
 * @param nowMs any clock that only goes forwards
 */
export const createKeyCache = (ttlMs: number, maxKeys: number, nowMs: () => number): KeyCache => {
  // A Map keeps the order of insertion: reading an entry puts it at the end.
  const entries = new Map<string, { readonly key: CachedKey; readonly readAtMs: number }>();
  return {
    get: (name) => {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      entries.delete(name);
      if (nowMs() - entry.readAtMs >= ttlMs) return undefined;
      entries.set(name, entry);
      return entry.key;
    },
    set: (name, key, readAtMs) => {
      entries.delete(name);
      entries.set(name, { key, readAtMs });
      const oldest = entries.keys().next();
      if (entries.size > maxKeys && oldest.done !== true) entries.delete(oldest.value);
    },
    clear: () => entries.clear(),
  };
};
