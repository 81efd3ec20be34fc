import { describe, expect, it } from 'vitest';
import { diffTexts } from './text-diff.js';
import { mcNemar, wilson } from './statistics.js';

describe('the interval of Wilson', () => {
  it.each([
    // Newcombe 1998, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i out of %i is %f to %f', (hits, of, low, high) => {
    const share = wilson(hits, of);
    expect(share.low).toBeCloseTo(low, 4);
    expect(share.high).toBeCloseTo(high, 4);
  });

  it('of nothing says nothing', () => {
    expect(wilson(0, 0)).toMatchObject({ share: null, low: 0, high: 1 });
  });
});

describe('the exact test of McNemar', () => {
  const pairs = (onlyOld: number, onlyNew: number) => [
    ...Array<{ old: boolean; fresh: boolean }>(onlyOld).fill({ old: true, fresh: false }),
    ...Array<{ old: boolean; fresh: boolean }>(onlyNew).fill({ old: false, fresh: true }),
    { old: true, fresh: true },
  ];
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 6, 0.03125],
    [1, 9, 0.021484375],
    [9, 1, 0.021484375],
  ])('of %i to %i gives p = %f', (onlyOld, onlyNew, p) => {
    expect(mcNemar(pairs(onlyOld, onlyNew)).p).toBeCloseTo(p, 10);
  });

  it('still gives a number for thousands', () => {
    expect(mcNemar(pairs(2000, 2000)).p).toBeCloseTo(1, 5);
  });
});

describe('the comparison of two texts', () => {
  it('keeps the sentences of both, and marks the others', () => {
    expect(diffTexts('I am sorry. Which office was it?', 'I am sorry. When was it? Tell me.')).toEqual([
      { sign: ' ', text: 'I am sorry.' },
      { sign: '-', text: 'Which office was it?' },
      { sign: '+', text: 'When was it?' },
      { sign: '+', text: 'Tell me.' },
    ]);
  });

  it('of equal texts has no marks', () => {
    expect(diffTexts('One. Two.', 'One. Two.').map(({ sign }) => sign)).toEqual([' ', ' ']);
  });

  it('of nothing is nothing', () => {
    expect(diffTexts('', '')).toEqual([]);
  });
});
