import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryCursors, deliveryCursorMigrations } from '../../src/events/postgres/delivery-cursors.js';
import { migrate } from '../../src/platform/migrate.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.pool, 'citizen', deliveryCursorMigrations);
});
afterAll(() => database.drop());

const open = (errors: unknown[] = [], pool = database.pool) =>
  createDeliveryCursors({ pool, onError: (error) => errors.push(error) });

describe('delivery cursors', () => {
  it('begin before the first event, and are known at once in the process that moved them', async () => {
    const cursors = open();
    expect(await cursors.load('new')).toBe(-1);
    cursors.save('new', 4);
    expect(await cursors.load('new')).toBe(4);
    await cursors.close();
  });

  it('are there after a restart, and never move back', async () => {
    const first = open();
    first.save('s', 7);
    first.save('s', 3);
    await first.close();
    const second = open();
    second.save('s', 5);
    await second.flush();
    expect(await second.load('s')).toBe(7);
    await second.close();
  });

  it('of many sessions are written together', async () => {
    const cursors = open();
    for (let i = 0; i < 1000; i += 1) cursors.save(`many-${i}`, i);
    await cursors.flush();
    const { rows } = await database.pool.query<{ count: string }>(
      "SELECT count(*) FROM delivery_cursors WHERE session_id LIKE 'many-%'",
    );
    expect(rows[0]?.count).toBe('1000');
    await cursors.close();
  });

  it('that could not be written are written with the next ones', async () => {
    const errors: unknown[] = [];
    let fails = true;
    const pool = new Proxy(database.pool, {
      get: (target, key, receiver) =>
        key === 'query' && fails
          ? () => Promise.reject(new Error('away'))
          : (Reflect.get(target, key, receiver) as unknown),
    });
    const cursors = open(errors, pool);
    cursors.save('retry', 2);
    await cursors.flush();
    fails = false;
    await cursors.close();
    expect(errors).toHaveLength(1);
    const again = open();
    expect(await again.load('retry')).toBe(2);
    await again.close();
  });
});
