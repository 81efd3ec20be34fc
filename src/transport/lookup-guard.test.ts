import { describe, expect, it } from 'vitest';
import { createLookupGuard } from './lookup-guard.js';

const make = (perAddress: number | null, all: number) => {
  let now = 1_000_000;
  const guard = createLookupGuard({ failuresPerAddressPerMinute: perAddress, failuresPerMinute: all }, () => now);
  return { guard, wait: (ms: number) => (now += ms) };
};
const failTimes = (guard: ReturnType<typeof make>['guard'], address: string, times: number): void => {
  for (let i = 0; i < times; i += 1) guard.failed(address);
};

describe('the guard of look-ups', () => {
  it('counts failures only, and lets an address go on after a while', () => {
    const { guard, wait } = make(10, 600);
    for (let i = 0; i < 1000; i += 1) expect(guard.ask('a').ok).toBe(true);
    failTimes(guard, 'a', 10);
    expect(guard.ask('a')).toMatchObject({ ok: false, retryAfterMs: 6000 });
    expect(guard.ask('b').ok).toBe(true);
    wait(6000);
    expect(guard.ask('a').ok).toBe(true);
  });

  it('slows everybody down over the common budget, but refuses nobody', () => {
    const { guard } = make(10, 600);
    for (let i = 0; i < 600; i += 1) guard.failed(`address-${i}`);
    expect(guard.ask('somebody')).toMatchObject({ ok: true, delayMs: 100 });
  });

  it('lifts the limit per address for load tests', () => {
    const { guard } = make(null, 600);
    failTimes(guard, 'a', 100);
    expect(guard.ask('a').ok).toBe(true);
  });
});
