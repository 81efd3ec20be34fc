import { describe, expect, it } from 'vitest';
import { createLimiter } from './token-bucket.js';

describe('a limiter', () => {
  const at = (settings: { burst: number; refillMs: number } | null) => {
    let now = 1_000_000;
    const limiter = createLimiter(settings, () => now);
    return { limiter, wait: (ms: number) => (now += ms) };
  };

  it('allows the burst at once, then says how long to wait', () => {
    const { limiter } = at({ burst: 3, refillMs: 1500 });
    expect([1, 2, 3].map(() => limiter.take('a').ok)).toEqual([true, true, true]);
    expect(limiter.take('a')).toEqual({ ok: false, retryAfterMs: 1500 });
  });

  it('gives one more after each refill, and never more than the burst', () => {
    const { limiter, wait } = at({ burst: 2, refillMs: 100 });
    limiter.take('a');
    limiter.take('a');
    wait(100);
    expect(limiter.take('a').ok).toBe(true);
    expect(limiter.take('a').ok).toBe(false);
    wait(10_000);
    expect([1, 2, 3].map(() => limiter.take('a').ok)).toEqual([true, true, false]);
  });

  it('keeps keys apart, and peeking takes nothing', () => {
    const { limiter } = at({ burst: 1, refillMs: 100 });
    expect(limiter.peek('a').ok).toBe(true);
    expect(limiter.take('a').ok).toBe(true);
    expect(limiter.peek('a').ok).toBe(false);
    expect(limiter.take('b').ok).toBe(true);
  });

  it('forgets keys that are full again', () => {
    const { limiter, wait } = at({ burst: 2, refillMs: 100 });
    for (let i = 0; i < 1000; i += 1) limiter.take(`address-${i}`);
    wait(1000);
    limiter.take('one');
    expect(limiter.size()).toBe(1);
  });

  it('without settings limits nothing', () => {
    const { limiter } = at(null);
    expect(Array.from({ length: 100 }, () => limiter.take('a').ok).every(Boolean)).toBe(true);
  });
});
