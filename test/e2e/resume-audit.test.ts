import { describe, expect, it } from 'vitest';
import { isPerfect, tally } from '../../bench/resume/audit.js';

// An audit that cannot find a fault proves nothing.
describe('The tally of what was said and what arrived', () => {
  it('is perfect when all arrived once and in order', () => {
    const result = tally(['a', 'b', 'c'], ['a', 'b', 'c']);
    expect(result).toEqual({ expected: 3, delivered: 3, lost: 0, doubled: 0, outOfOrder: 0, unknown: 0 });
    expect(isPerfect(result)).toBe(true);
  });

  it.each([
    { fault: 'a lost message', arrived: ['a', 'c'], finds: { delivered: 2, lost: 1 } },
    { fault: 'a doubled message', arrived: ['a', 'b', 'b', 'c'], finds: { delivered: 3, doubled: 1 } },
    { fault: 'a message out of order', arrived: ['a', 'c', 'b'], finds: { delivered: 3, outOfOrder: 1 } },
    {
      fault: 'an old message again, as doubled only',
      arrived: ['a', 'b', 'a', 'c'],
      finds: { doubled: 1, outOfOrder: 0 },
    },
    { fault: 'something nobody said', arrived: ['a', 'x', 'b', 'c'], finds: { delivered: 3, unknown: 1 } },
  ])('finds $fault', ({ arrived, finds }) => {
    const result = tally(['a', 'b', 'c'], arrived);
    expect(result).toMatchObject(finds);
    expect(isPerfect(result)).toBe(false);
  });
});
