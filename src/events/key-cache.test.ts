import { expect, it } from 'vitest';
import { createKeyCache } from './key-cache.js';

const setup = (ttlMs = 100, maxKeys = 2) => {
  const clock = { ms: 0 };
  return { clock, cache: createKeyCache(ttlMs, maxKeys, () => clock.ms) };
};
const key = Buffer.alloc(32, 1);

it('gives back what was read less than the time to live ago', () => {
  const { clock, cache } = setup();
  cache.set('a', key, 0);
  clock.ms = 99;
  expect(cache.get('a')).toBe(key);
  clock.ms = 100;
  expect(cache.get('a')).toBeUndefined();
});

it('counts the age from the start of the look-up, not from its end', () => {
  const { clock, cache } = setup();
  clock.ms = 60;
  cache.set('a', key, 0);
  clock.ms = 100;
  expect(cache.get('a')).toBeUndefined();
});

it('reading does not make an entry younger', () => {
  const { clock, cache } = setup();
  cache.set('a', 'destroyed', 0);
  clock.ms = 90;
  expect(cache.get('a')).toBe('destroyed');
  clock.ms = 110;
  expect(cache.get('a')).toBeUndefined();
});

it('lets go of the one unused for longest when there are too many', () => {
  const { cache } = setup();
  cache.set('a', key, 0);
  cache.set('b', key, 0);
  cache.get('a');
  cache.set('c', key, 0);
  expect(['a', 'b', 'c'].map((name) => cache.get(name) !== undefined)).toEqual([true, false, true]);
});

it('forgets everything when cleared', () => {
  const { cache } = setup();
  cache.set('a', key, 0);
  cache.clear();
  expect(cache.get('a')).toBeUndefined();
});
