import { expect, it } from 'vitest';
import { createRecentIds } from './recent-ids.js';

it('remembers the last ids and forgets old ones', () => {
  const ids = createRecentIds(3);
  for (let n = 0; n < 10; n += 1) ids.add(String(n));
  expect(['9', '8', '7'].every((id) => ids.has(id))).toBe(true);
  expect(ids.has('0')).toBe(false);
});
