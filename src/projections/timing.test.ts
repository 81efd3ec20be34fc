import { describe, expect, it } from 'vitest';
import { backOffMs, restMs } from './timing.js';

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
