import { createLimiter, type Allowance } from './token-bucket.js';

/**
 * Slows down who guesses tracking numbers (domain.md section 6). Only failures count: many citizens share the address of a
 * mobile carrier. Over the budget of one address look-ups are refused; over that of everybody they get slower, never shut.
 */
export interface LookupGuard {
  /** Asked before a look-up, by all names of who asks; `delayMs` is to be waited before it. */
  ask(...askers: readonly string[]): Allowance & { readonly delayMs: number };
  /** Told after a look-up that found nothing, or whose key was wrong. */
  failed(...askers: readonly string[]): void;
}

const MINUTE_MS = 60_000;
const MAX_DELAY_MS = 1000;

export const createLookupGuard = (
  limits: {
    /** Null lifts the limit per address. */
    readonly failuresPerAddressPerMinute: number | null;
    readonly failuresPerMinute: number;
  },
  now: () => number,
): LookupGuard => {
  const perMinute = (count: number) => ({ burst: count, refillMs: MINUTE_MS / count });
  const mine = limits.failuresPerAddressPerMinute;
  const byAddress = createLimiter(mine === null ? null : perMinute(mine), now);
  const all = createLimiter(perMinute(limits.failuresPerMinute), now);
  return {
    ask: (...askers) => {
      const budget = all.peek('all');
      const delayMs = budget.ok ? 0 : Math.min(MAX_DELAY_MS, budget.retryAfterMs);
      const refused = askers.map((asker) => byAddress.peek(asker)).find(({ ok }) => !ok);
      return { ...(refused ?? { ok: true }), delayMs };
    },
    failed: (...askers) => {
      for (const asker of askers) byAddress.take(asker);
      all.take('all');
    },
  };
};
