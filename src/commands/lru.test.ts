import { expect, it } from 'vitest';
import { createKeyedQueue } from './keyed-queue.js';
import { createLru } from './lru.js';

it('an LRU drops what was not used for the longest time', () => {
  const lru = createLru<number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  lru.set('c', 3);
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2]);
});

it('a keyed queue runs one task of a key at a time, and goes on after a failure', async () => {
  const queue = createKeyedQueue();
  const log: string[] = [];
  const task =
    (name: string, fails = false) =>
    async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const results = await Promise.allSettled([
    queue('k', task('one', true)),
    queue('k', task('two')),
    queue('other', task('three')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(log.filter((line) => !line.startsWith('three'))).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  expect(log.indexOf('three begins')).toBeLessThan(log.indexOf('one ends'));
});
