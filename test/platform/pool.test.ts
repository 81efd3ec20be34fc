import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => void (database = await freshDatabase()));
afterAll(() => database.drop());

it('sets the search path of every connection', async () => {
  const { rows } = await database.pool.query<{ path: string }>(`SELECT current_setting('search_path') AS path`);
  expect(rows).toEqual([{ path: 'citizen' }]);
});
