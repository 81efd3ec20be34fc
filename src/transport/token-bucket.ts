/** So many at once, and one more every `refillMs`. */
export interface BucketSettings {
  readonly burst: number;
  readonly refillMs: number;
}

/** `emptied` is the time (ms) at which the bucket would be (or was) full again: the whole state in one number. */
export type Allowance = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/**
 * Takes one token. The bucket is kept as the time at which it is full again (0: full since ever).
 * Gives the new bucket and whether the token was there; when not, after how many ms one will be.
 */
export const takeToken = (
  fullAt: number,
  now: number,
  { burst, refillMs }: BucketSettings,
): readonly [fullAt: number, allowance: Allowance] => {
  const after = Math.max(fullAt, now) + refillMs;
  const missing = after - now - burst * refillMs;
  return missing <= 0 ? [after, { ok: true }] : [fullAt, { ok: false, retryAfterMs: Math.ceil(missing) }];
};

/** Token buckets by key (session, address). Forgets full ones, so that it stays as small as the number of busy keys. */
export interface Limiter {
  /** Takes one token of this key, if there is one. */
  take(key: string): Allowance;
  /** What `take` would say, without taking. */
  peek(key: string): Allowance;
  /** How many keys are remembered. */
  size(): number;
}

/** `settings: null` lifts the limit (RATE_LIMITS=off). `now` gives milliseconds. */
export const createLimiter = (settings: BucketSettings | null, now: () => number): Limiter => {
  const buckets = new Map<string, number>();
  let nextSweep = 0;
  const sweep = (at: number, fullWithin: number): void => {
    nextSweep = at + fullWithin;
    for (const [key, fullAt] of buckets) if (fullAt <= at) buckets.delete(key);
  };
  const ask = (key: string, keep: boolean): Allowance => {
    if (settings === null) return { ok: true };
    const at = now();
    if (at >= nextSweep) sweep(at, settings.burst * settings.refillMs);
    const [fullAt, allowance] = takeToken(buckets.get(key) ?? 0, at, settings);
    if (keep && allowance.ok) buckets.set(key, fullAt);
    return allowance;
  };
  return { take: (key) => ask(key, true), peek: (key) => ask(key, false), size: () => buckets.size };
};
