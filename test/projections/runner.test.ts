import fc from 'fast-check';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { integer, text } from '../../src/projections/columns.js';
import { acquire } from '../../src/projections/leases.js';
import { defineProjection } from '../../src/projections/projection.js';
import { bySession } from '../../src/projections/read-models/keys.js';
import { pendingTurns } from '../../src/projections/read-models/pending-turns.js';
import { projections } from '../../src/projections/read-models/index.js';
import { sessionStatus } from '../../src/projections/read-models/session-status.js';
import { transcript } from '../../src/projections/read-models/transcript.js';
import { createRowStore } from '../../src/projections/row-store.js';
import type { RunningProjections } from '../../src/projections/start.js';
import { readStatus } from '../../src/projections/status.js';
import type { TestDatabase } from '../support/database.js';
import { createMemoryLog, type MemoryLog } from '../support/memory-log.js';
import { liveRows, projectionDatabase, start } from '../support/projection-database.js';
import { createStory, histories, sealed } from '../support/projection-events.js';
import { foldInBatches } from '../support/projection-harness.js';

const started = { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' } as const;
const wait = { timeoutMs: 20_000 };

/** Counts messages per session; falls over the word "poison". */
const counter = defineProjection({
  name: 'counter',
  version: 1,
  table: { columns: { session_id: text, count: integer }, key: ['session_id'] },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => {
        if (event.data.text === sealed('poison')) throw new Error('cannot count "something secret"');
        return { ...bySession(event), count: (row?.count ?? 0) + 1 };
      },
    },
  },
});

const talk = (sessions: number, messages: number): AnyRecorded[] => {
  const story = createStory();
  for (let n = 0; n < messages; n += 1) {
    const session = `session-s${n % sessions}`;
    if (n < sessions) story.add(session, 'SessionStarted', started);
    story.add(session, 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] });
  }
  return story.events;
};

describe('the runner of projections', () => {
  let database: TestDatabase;
  let log: MemoryLog;
  let running: RunningProjections[] = [];
  const run = async (...[pool, ...rest]: Parameters<typeof start>): Promise<RunningProjections> => {
    const one = await start(pool, ...rest);
    running.push(one);
    return one;
  };
  const statusOf = async (name: string) =>
    (await readStatus(database.pool, () => log.head())).find((status) => status.name === name);

  beforeEach(async () => {
    database = await projectionDatabase();
    log = createMemoryLog();
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
    await database.drop();
  });

  it('brings history and then live events into the rows', async () => {
    const events = talk(3, 30);
    log.publish(events.slice(0, 20));
    const runner = await run(database.pool, log, projections);
    expect(await runner.waitFor(20n, wait)).toBe('reached');
    log.publish(events.slice(20));
    expect(await runner.waitFor(BigInt(events.length), wait)).toBe('reached');
    for (const projection of projections) {
      expect(await liveRows(database.pool, projection)).toEqual(await foldInBatches(projection, events, [100]));
    }
  });

  it('goes on after a restart from where it stopped', async () => {
    const events = talk(3, 30);
    log.publish(events.slice(0, 10));
    const first = await run(database.pool, log, [counter]);
    await first.waitFor(10n, wait);
    await first.stop();
    log.publish(events.slice(10));
    const second = await run(database.pool, log, [counter]);
    expect(await second.waitFor(33n, wait)).toBe('reached');
    expect(await liveRows(database.pool, counter)).toEqual(await foldInBatches(counter, events, [100]));
  });

  it('passes by events that concern no row, and says that it has', async () => {
    const story = createStory();
    for (let n = 0; n < 5; n += 1) story.add('session-a', 'AnswersShown', {});
    const runner = await run(database.pool, log, [counter]);
    log.publish(story.events);
    expect(await runner.waitFor(5n, wait)).toBe('reached');
    const observer = database.createPool();
    await expect
      .poll(async () => (await readStatus(observer, () => log.head()))[0]?.lagEvents, { timeout: 60_000 })
      .toBe(0n);
  });

  it('answers honestly when a position is not reached in time', async () => {
    const runner = await run(database.pool, log, [counter]);
    expect(await runner.waitFor(5n, { timeoutMs: 50 })).toBe('timed_out');
    await expect(runner.waitFor(5n, { ...wait, signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
    await expect(runner.waitFor(5n, { ...wait, projection: 'nothing' })).rejects.toThrow('no projection nothing');
  });

  it('counts every event exactly once although its connections are killed all the time', async () => {
    const events = talk(5, 3000);
    const victim = database.createPool({ applicationName: 'victim', max: 4 });
    const runner = await run(victim, log, [counter, sessionStatus, pendingTurns, transcript], { batchEvents: 20 });
    const kill = () =>
      database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`);
    for (let from = 0; from < events.length; from += 300) {
      log.publish(events.slice(from, from + 300));
      await kill();
    }
    expect(await runner.waitFor(BigInt(events.length), { timeoutMs: 50_000 })).toBe('reached');
    for (const projection of [counter, sessionStatus, pendingTurns, transcript]) {
      expect(await liveRows(database.pool, projection)).toEqual(await foldInBatches(projection, events, [5000]));
    }
  });

  it('writes neither rows nor checkpoint when it dies between the two', async () => {
    const victim = database.createPool({ applicationName: 'victim' });
    const runner = await run(victim, log, [counter]);
    const events = talk(1, 3);
    log.publish(events.slice(0, 1));
    await runner.waitFor(1n, wait);
    // The write hangs at the checkpoint's row, which somebody else holds, and is killed there.
    await withLockedCheckpoint(database.pool, async () => {
      log.publish(events.slice(1));
      await expect
        .poll(async () => (await waitingWrites(database.pool)).length, { timeout: 60_000 })
        .toBeGreaterThan(0);
      for (const pid of await waitingWrites(database.pool))
        await database.pool.query('SELECT pg_terminate_backend($1)', [pid]);
      expect(await liveRows(database.pool, counter)).toEqual([]);
    });
    expect(await runner.waitFor(4n, wait)).toBe('reached');
    expect(await liveRows(database.pool, counter)).toEqual([{ session_id: 's0', count: 3 }]);
  });

  it('lets only one of two processes run a projection', async () => {
    const [a, b] = [database.createPool(), database.createPool()];
    const runners = [await run(a, log, [counter]), await run(b, log, [counter])];
    const events = talk(4, 200);
    for (let from = 0; from < events.length; from += 10) {
      log.publish(events.slice(from, from + 10));
      await Promise.all(runners.map((runner) => runner.waitFor(events[from]!.meta.position, wait)));
    }
    await Promise.all(runners.map((runner) => runner.waitFor(204n, wait)));
    expect(await liveRows(database.pool, counter)).toEqual(await foldInBatches(counter, events, [500]));
    const { rows } = await database.pool.query<{ fence: string }>('SELECT fence::text FROM projections');
    expect(rows).toEqual([{ fence: '1' }]);
  });

  it('is taken over within five seconds when its process falls silent, and the old owner can write no more', async () => {
    const dying = database.createPool();
    const first = await run(dying, log, [counter]);
    log.publish(talk(1, 3));
    await first.waitFor(4n, wait);
    const second = await run(database.createPool(), log, [counter]);
    const before = await statusOf('counter');
    // From now on the first one reaches nobody: no renewal, no farewell.
    dying.query = () => Promise.reject(new Error('cut off'));
    const more = createStory();
    more.events.push(...talk(1, 3));
    more.add('session-s0', 'UserMessageReceived', { text: sealed('y'), evidenceIds: [] });
    log.publish(more.events.slice(4));
    expect(await second.waitFor(5n, { timeoutMs: 5000 })).toBe('reached');
    expect(await liveRows(database.pool, counter)).toMatchObject([{ count: 4 }]);
    expect((await statusOf('counter'))?.owner).not.toBe(before?.owner);
    const stale = createRowStore(database.pool, counter, { table: before!.table, fence: '1' });
    const wrong = { upserts: [{ session_id: 's0', count: 99 }], deletes: [] };
    expect(await stale.save(wrong, 5n, { position: 6n, recordedAt: null })).toBe(false);
    expect(await liveRows(database.pool, counter)).toMatchObject([{ count: 4 }]);
  });

  it('stops alone and visibly at a poison event, and tries again at the next start', async () => {
    const story = createStory();
    story.add('session-a', 'UserMessageReceived', { text: sealed('one'), evidenceIds: [] });
    story.add('session-a', 'UserMessageReceived', { text: sealed('poison'), evidenceIds: [] });
    story.add('session-a', 'UserMessageReceived', { text: sealed('three'), evidenceIds: [] });
    const runner = await run(database.pool, log, [counter, pendingTurns]);
    log.publish(story.events);
    await runner.waitFor(3n, { ...wait, projection: 'pending-turns' });
    await expect.poll(async () => (await statusOf('counter'))?.state, { timeout: 60_000 }).toBe('failed');
    const failed = await statusOf('counter');
    expect(failed).toMatchObject({
      position: 1n,
      lagEvents: 2n,
      error: { position: '2', eventType: 'UserMessageReceived' },
    });
    expect(JSON.stringify(failed?.error)).not.toContain('secret');
    expect(await liveRows(database.pool, counter)).toEqual([{ session_id: 'a', count: 1 }]);
    expect((await statusOf('pending-turns'))?.state).toBe('running');
    await runner.stop();
    // The same projection with its fault mended.
    const on = {
      UserMessageReceived: {
        key: bySession,
        apply: (row: { count: number } | null, event: AnyRecorded) => ({
          ...bySession(event),
          count: (row?.count ?? 0) + 1,
        }),
      },
    };
    const { columns } = { columns: { session_id: text, count: integer } };
    const mended = defineProjection({ name: 'counter', version: 1, table: { columns, key: ['session_id'] }, on });
    const again = await run(database.pool, log, [mended]);
    expect(await again.waitFor(3n, wait)).toBe('reached');
    expect(await liveRows(database.pool, counter)).toEqual([{ session_id: 'a', count: 3 }]);
  });

  it('stands still while it is paused, and goes on when it is resumed', async () => {
    const runner = await run(database.pool, log, [counter], { pollMs: 20 });
    const events = talk(1, 5);
    log.publish(events.slice(0, 3));
    await runner.waitFor(3n, wait);
    await database.pool.query(`UPDATE projections SET state = 'paused'`);
    log.publish(events.slice(3));
    expect(await runner.waitFor(6n, { timeoutMs: 100 })).toBe('timed_out');
    expect((await statusOf('counter'))?.state).toBe('paused');
    await database.pool.query(`UPDATE projections SET state = 'running'`);
    expect(await runner.waitFor(6n, wait)).toBe('reached');
    expect(await liveRows(database.pool, counter)).toEqual([{ session_id: 's0', count: 5 }]);
  });

  it('refuses to go on with rows that were made from another log', async () => {
    const runner = await run(database.pool, log, [counter]);
    await runner.stop();
    const other = createMemoryLog('log-2');
    await expect(start(database.pool, other, [counter])).rejects.toMatchObject({ code: 'read_model_of_another_log' });
  });

  it('notices columns that were changed without a new version', async () => {
    await (await run(database.pool, log, [counter])).stop();
    const changed = { ...counter, shape: 'another' };
    await expect(start(database.pool, log, [changed])).rejects.toMatchObject({ code: 'projection_changed' });
  });

  it('holds the same rows as a fold in memory, for any history and any batches', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 7 }), async (events, batchEvents) => {
        const fresh = await projectionDatabase();
        const own = createMemoryLog();
        const runner = await start(fresh.pool, own, projections, { batchEvents });
        try {
          for (const event of events) own.publish([event]);
          await runner.waitFor(BigInt(events.length), wait);
          for (const projection of projections) {
            const expected = await foldInBatches(projection, events, [1000]);
            expect(await liveRows(fresh.pool, projection)).toEqual(expected);
          }
        } finally {
          await runner.stop();
          await fresh.drop();
        }
      }),
      { seed: 7, numRuns: 12 },
    );
  });
});

async function withLockedCheckpoint(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const locker = await pool.connect();
  await locker.query('BEGIN');
  await locker.query('SELECT 1 FROM projections FOR UPDATE');
  try {
    await work();
  } finally {
    await locker.query('ROLLBACK');
    locker.release();
  }
}

/** Process ids of writes (not of renewals) that wait for a lock. */
async function waitingWrites(pool: pg.Pool): Promise<number[]> {
  // Not on the connection with the lock: in one transaction this view shows one moment only.
  const { rows } = await pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO counter%'`,
  );
  return rows.map(({ pid }) => pid);
}

// `acquire` is what the lease rests on: the same owner may take a copy again, another one may not.
describe('a lease', () => {
  it('goes to one owner, who may take it again, and to another only when it has run out', async () => {
    const database = await projectionDatabase();
    const running = await start(database.pool, createMemoryLog(), [counter]);
    await running.stop();
    const take = (owner: string, leaseMs: number) => acquire(database.pool, counter, 'live', { owner, leaseMs });
    const first = await take('a', 60_000);
    expect(await take('b', 60_000)).toBeUndefined();
    const again = await take('a', 0);
    expect(Number(again?.fence)).toBe(Number(first?.fence) + 1);
    await expect.poll(() => take('b', 60_000)).toBeDefined();
    await database.drop();
  });
});
