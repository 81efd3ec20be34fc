import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../src/events/postgres/migrations.js';
import type { EventStore } from '../../src/events/store.js';
import { migrate } from '../../src/platform/migrate.js';
import { createPool } from '../../src/platform/postgres-pool.js';
import { collect, errorOf, idsOf, isCaughtUp, newEvent, newEvents } from '../contract/event-store/support.js';
import { withSubscriber } from '../contract/event-store/support.js';
import { freshDatabase } from '../support/database.js';
import { appendDirectly } from './support/append-directly.js';
import { cuttingProxy, type CuttingProxy } from './support/cutting-proxy.js';
import { storeDatabase, type StoreDatabase } from './support/postgres-store.js';

let database: StoreDatabase;
beforeEach(async () => {
  database = await storeDatabase();
});
afterEach(() => database.drop());

/** Asks the database until it answers with at least one row. */
const eventually = async (sql: string): Promise<void> => {
  while ((await database.pool.query(sql)).rows.length === 0) await new Promise((resolve) => setImmediate(resolve));
};
/** Holds the lock that every append needs, until the function that it gives is called. */
const holdHead = async (): Promise<() => Promise<void>> => {
  const client: pg.PoolClient = await database.pool.connect();
  await client.query('BEGIN; SELECT * FROM log_head FOR UPDATE');
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
};
const appendWaits = (): Promise<void> =>
  eventually(`SELECT 1 FROM pg_stat_activity
               WHERE application_name = 'store-under-test append' AND wait_event_type = 'Lock'`);
const unguarded = async (sql: string): Promise<void> => {
  await database.pool.query(`ALTER TABLE events DISABLE TRIGGER append_only; ${sql};
                             ALTER TABLE events ENABLE ALWAYS TRIGGER append_only`);
};

describe('the database itself', () => {
  test.each([
    `UPDATE events SET payload = '{}'`,
    'UPDATE events SET payload = payload WHERE false',
    'DELETE FROM events',
    'TRUNCATE events',
    'DELETE FROM log_head',
    'TRUNCATE log_head',
  ])('refuses %s', async (sql) => {
    const store = await database.openStore();
    await store.append('guarded', newEvents(2), { expected: 'any' });
    await expect(database.pool.query(sql)).rejects.toThrow(/append only/);
    const asReplica = database.pool.query(`SET LOCAL session_replication_role = replica; ${sql}`);
    await expect(asReplica).rejects.toThrow(/append only/);
    expect(await collect(store.readAll())).toHaveLength(2);
  });
  test('shows its events to people with readable times', async () => {
    const store = await database.openStore();
    await store.append('readable', [newEvent({ occurredAt: '2026-03-04T05:06:07.089Z' })], { expected: 'any' });
    const { rows } = await database.pool.query<{ occurred_at: Date }>('SELECT occurred_at FROM events_readable');
    expect(rows[0]?.occurred_at.toISOString()).toBe('2026-03-04T05:06:07.089Z');
  });
  test('is made once by processes that start together', async () => {
    const empty = await freshDatabase();
    const pools = Array.from({ length: 5 }, () => empty.createPool());
    await Promise.all(pools.map((pool) => migrate(pool, 'citizen', eventStoreMigrations)));
    expect((await empty.pool.query('SELECT * FROM log_head')).rows).toHaveLength(1);
    await empty.drop();
  });
  test('keeps its name for the log', async () => {
    expect((await database.openStore()).logId).toBe((await database.openStore()).logId);
  });
});

describe('an append', () => {
  test('whose connection is killed while it waits is tried again and lands once', async () => {
    const store = await database.openStore();
    const release = await holdHead();
    const events = newEvents(3);
    const appends = [
      store.append('killed', events, { expected: 'noStream' }),
      ...Array.from({ length: 20 }, (_, index) =>
        store.append(`neighbour-${index}`, newEvents(1), { expected: 'any' }),
      ),
    ];
    await appendWaits();
    expect(await database.terminate('append')).toBe(1);
    await release();
    await Promise.all(appends);
    expect(idsOf(await collect(store.readStream('killed')))).toEqual(idsOf(events));
    expect(await collect(store.readAll())).toHaveLength(23);
  });
  test('waits for a transaction that holds the head and then goes on', async () => {
    const store = await database.openStore();
    const release = await holdHead();
    const appended = store.append('patient', newEvents(1), { expected: 'noStream' });
    await appendWaits();
    await release();
    expect(await appended).toMatchObject({ revision: 0, duplicate: false });
  });
  test('fails with a typed error when the head stays locked', async () => {
    const store = await database.openStore({ appendTimeoutMs: 200 });
    const release = await holdHead();
    const error = await errorOf(store.append('blocked', newEvents(1), { expected: 'any' }));
    expect(error).toMatchObject({ code: 'store_unavailable' });
    await release();
    expect(await store.append('blocked', newEvents(1), { expected: 'any' })).toMatchObject({ duplicate: false });
  });
  test('that the database refuses fails alone, its neighbours of the same batch succeed', async () => {
    await database.pool.query(`
      CREATE FUNCTION refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'check_violation'; END $$;
      CREATE TRIGGER poison BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.type = 'Poison')
        EXECUTE FUNCTION refuse_poison()`);
    const store = await database.openStore();
    const poisoned = new Set([3, 17, 18]);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        errorOf(
          store.append(`stream-${index}`, [newEvent({ type: poisoned.has(index) ? 'Poison' : 'Food' })], {
            expected: 'noStream',
          }),
        ),
      ),
    );
    for (const [index, error] of outcomes.entries()) {
      if (poisoned.has(index)) expect(error).toMatchObject({ code: 'invalid_append' });
      else expect(error).toBeUndefined();
    }
    expect(await collect(store.readAll())).toHaveLength(37);
  });
  test('into a log without tables says so and is not tried for long', async () => {
    const store = await database.openStore();
    await database.pool.query('DROP FUNCTION append_batch');
    const error = await errorOf(store.append('broken', newEvents(1), { expected: 'any' }));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  });
});

describe('a network that loses answers', () => {
  let proxy: CuttingProxy;
  let store: EventStore;
  let pool: pg.Pool;
  const open = async (appendTimeoutMs: number): Promise<void> => {
    proxy = await cuttingProxy(database.url);
    pool = createPool({ address: { url: proxy.url }, schema: 'citizen', max: 2, applicationName: 'behind-proxy' });
    const quiet = (): void => undefined;
    store = await createPostgresEventStore({
      pool,
      logger: { debug: quiet, warn: quiet, error: quiet },
      settings: { appendBatchMax: 100, appendTimeoutMs, readPageEvents: 50 },
    });
    await store.append('warm', newEvents(1), { expected: 'any' });
  };
  afterEach(async () => {
    await store.close();
    await pool.end();
    await proxy.close();
  });

  test('an append that was written and not answered is repeated and lands once', async () => {
    await open(10_000);
    const before = (await store.head()).position;
    proxy.mode = 'cut answers';
    const events = newEvents(2);
    const appended = store.append('unanswered', events, { expected: 'noStream' });
    await eventually(`SELECT 1 FROM log_head WHERE position > ${before}`);
    proxy.mode = 'pass';
    expect(await appended).toMatchObject({ revision: 1, position: before + 2n });
    expect(idsOf(await collect(store.readAll({ after: before })))).toEqual(idsOf(events));
  });
  test('an append that never gets an answer says that its outcome is unknown', async () => {
    await open(300);
    proxy.mode = 'cut answers';
    const error = await errorOf(store.append('silent', newEvents(1), { expected: 'any' }));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
    proxy.mode = 'pass';
  });
  test('an append that cannot be sent says that nothing was written', async () => {
    await open(300);
    proxy.mode = 'refuse';
    await errorOf(store.append('first', newEvents(1), { expected: 'any' })); // may notice the loss only now
    const error = await errorOf(store.append('unsent', newEvents(1), { expected: 'any' }));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    expect(await errorOf(collect(store.readAll()))).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    proxy.mode = 'pass';
    expect(await store.append('again', newEvents(1), { expected: 'any' })).toMatchObject({ duplicate: false });
  });
});

describe('a subscription', () => {
  test('listens again when its connection is killed, without waiting for a poll', async () => {
    const reader = await database.openStore({ pollMs: 3_600_000 });
    const writer = await database.openStore();
    await withSubscriber(reader, { to: 'all', after: 0n }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const listening = `SELECT pid FROM pg_stat_activity WHERE application_name = 'store-under-test listen'`;
      await eventually(listening);
      for (let round = 1; round <= 3; round++) {
        const killed = (await database.pool.query<{ pid: number }>(listening)).rows.map(({ pid }) => pid);
        await database.terminate('listen');
        await eventually(
          `${listening} AND pid <> ALL ('{${killed.join()}}') AND query LIKE 'LISTEN%' AND state = 'idle'`,
        );
        await writer.append('far', newEvents(1), { expected: 'any' });
        await subscriber.until(({ events }) => events.length === round);
      }
    });
  });
  test('finds by polling what no notice tells', async () => {
    const reader = await database.openStore({ pollMs: 10 });
    await withSubscriber(reader, { to: 'all', after: 0n }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      await database.pool.query(appendDirectly, ['quiet', randomUUID()]);
      await subscriber.until(({ events }) => events.length === 1);
    });
  });
  test('goes on without a gap and without a repeat while every connection is killed again and again', async () => {
    const reader = await database.openStore();
    const writer = await database.openStore();
    await writer.append('long', newEvents(400), { expected: 'noStream' });
    await withSubscriber(reader, { to: 'all', after: 0n }, async (subscriber) => {
      for (let round = 0; round < 10; round++) {
        await writer.append('long', newEvents(20), { expected: 'any' });
        await database.terminate('');
        await database.terminate('listen');
        await database.terminate('append');
      }
      await subscriber.until(({ events }) => events.length === 600);
      expect(subscriber.events.map(({ position }) => Number(position))).toEqual(
        Array.from({ length: 600 }, (_, index) => index + 1),
      );
    });
  });
});

describe('a damaged log', () => {
  test('stops its readers at a missing event, with an alarm', async () => {
    const writer = await database.openStore();
    await writer.append('hole', newEvents(200), { expected: 'any' });
    await unguarded('DELETE FROM events WHERE position = 123');
    const reader = await database.openStore();
    expect(await errorOf(collect(reader.readAll()))).toMatchObject({ code: 'log_gap', after: 122n, found: 124n });
    const { signal } = new AbortController();
    const subscription = collect(reader.subscribe({ to: 'all', after: 0n, signal }));
    expect(await errorOf(subscription)).toMatchObject({ code: 'log_gap', after: 122n });
    expect(database.alarms).toEqual(['The event log is damaged']);
  });
  test('stops its readers when its end is missing', async () => {
    const writer = await database.openStore();
    await writer.append('short', newEvents(5), { expected: 'any' });
    await unguarded('DELETE FROM events WHERE position = 5');
    const reader = await database.openStore();
    expect(await errorOf(collect(reader.readAll()))).toMatchObject({ code: 'log_gap', after: 4n, found: null });
  });
});
