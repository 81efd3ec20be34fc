import { expect, test } from 'vitest';
import { uuidFrom } from './environment.js';

test('without randomUUID (a page without https) ids are version 4 UUIDs all the same', () => {
  const source = { getRandomValues: crypto.getRandomValues.bind(crypto) };
  const ids = Array.from({ length: 1000 }, () => uuidFrom(source));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
});
