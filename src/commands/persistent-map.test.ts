import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyMap, entryOf, withEntry, type PersistentMap } from './persistent-map.js';

const build = (entries: readonly (readonly [string, number])[]): PersistentMap<number> =>
  entries.reduce((map, [key, value]) => withEntry(map, key, value), emptyMap<number>());

describe('a persistent map', () => {
  it('answers like a Map, whatever was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.integer())), fc.string(), (entries, other) => {
        const truth = new Map(entries);
        const map = build(entries);
        for (const key of [...truth.keys(), other]) expect(entryOf(map, key)).toBe(truth.get(key));
      }),
    );
  });

  it('leaves the older map as it was', () => {
    const before = build([['a', 1]]);
    withEntry(before, 'a', 2);
    withEntry(before, 'b', 2);
    expect([entryOf(before, 'a'), entryOf(before, 'b')]).toEqual([1, undefined]);
  });

  it('is structurally the same for the same entries in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (keys) => {
        const entries = keys.map((key, at) => [key, at] as const);
        expect(build(entries)).toEqual(build([...entries].reverse()));
      }),
    );
  });

  it('keeps keys apart whose 32-bit hashes are equal', () => {
    // Two texts with the same FNV-1a hash, a known pair.
    const map = build([
      ['costarring', 1],
      ['liquid', 2],
    ]);
    expect([entryOf(map, 'costarring'), entryOf(map, 'liquid')]).toEqual([1, 2]);
  });
});
