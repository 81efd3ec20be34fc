import { describe, expect, it } from 'vitest';
import { backOffMs, paceOf, restMs } from './timing.js';

describe('the pauses of projections', () => {
  it('after a failure double up to five seconds, the second half of each left to chance', () => {
    const [least, most] = [() => 0, (below: number) => below - 1];
    expect([1, 2, 3, 6, 50].map((failures) => backOffMs(failures, least))).toEqual([100, 200, 400, 2500, 2500]);
    expect([1, 2, 3, 6, 50].map((failures) => backOffMs(failures, most))).toEqual([200, 400, 800, 5000, 5000]);
  });

  it('of a rebuild leave work its share of the time', () => {
    expect(restMs(30, 100)).toBe(0);
    expect(restMs(30, 50)).toBe(30);
    expect(restMs(30, 10)).toBe(270);
  });
});

describe('the pace of work', () => {
  it('counts the rest that a throttled piece still owes', () => {
    expect(paceOf(200n, 800n, 20)).toEqual({ eventsPerSecond: 10_000, etaSeconds: 0.08 });
    expect(paceOf(200n, 800n, 20 + restMs(20, 20))).toEqual({ eventsPerSecond: 2000, etaSeconds: 0.4 });
  });

  it('tells no time left before anything was done', () => {
    expect(paceOf(0n, 800n, 20)).toEqual({ eventsPerSecond: 0, etaSeconds: null });
  });
});
