import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { integer, nullable, text } from '../../src/projections/columns.js';
import { defineProjection, type Projection } from '../../src/projections/projection.js';
import { bySession } from '../../src/projections/read-models/keys.js';
import { projections } from '../../src/projections/read-models/index.js';
import { rebuildProjections, type RebuildDependencies } from '../../src/projections/rebuild.js';
import type { RunningProjections } from '../../src/projections/start.js';
import { readStatus } from '../../src/projections/status.js';
import type { TestDatabase } from '../support/database.js';
import { createMemoryLog, type MemoryLog } from '../support/memory-log.js';
import { liveRows, projectionDatabase, start } from '../support/projection-database.js';
import { createStory, sealed } from '../support/projection-events.js';
import { foldInBatches } from '../support/projection-harness.js';

const wait = { timeoutMs: 20_000 };
const key = ['session_id'] as const;
type Said = Extract<AnyRecorded, { type: 'UserMessageReceived' }>;

/** A projection of the same name in several versions and forms. */
const counter = defineProjection({
  name: 'counter',
  version: 1,
  table: { columns: { session_id: text, count: integer }, key, indexes: [{ columns: ['count'] }] },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => ({ ...bySession(event), count: (row?.count ?? 0) + 1 }),
    },
  },
});
const counterV2 = defineProjection({
  name: 'counter',
  version: 2,
  table: { columns: { session_id: text, last: nullable(text), twice: integer }, key },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => ({ ...bySession(event), last: event.data.text, twice: (row?.twice ?? 0) + 2 }),
    },
  },
});
const poisoned = (version: number): Projection =>
  defineProjection({
    name: 'counter',
    version,
    table: { columns: { session_id: text, count: integer }, key },
    on: {
      UserMessageReceived: {
        key: bySession,
        apply: (_row, { meta }: Said) => {
          throw new Error(`no ${meta.revision}`);
        },
      },
    },
  });

const talk = (messages: number): AnyRecorded[] => {
  const story = createStory();
  for (let n = 0; n < messages; n += 1) {
    story.add(`session-s${n % 5}`, 'UserMessageReceived', { text: sealed(`m${n}`), evidenceIds: [] });
  }
  return story.events;
};

describe('the rebuild of projections', () => {
  let database: TestDatabase;
  let log: MemoryLog;
  let running: RunningProjections[] = [];
  const run = async (...[pool, ...rest]: Parameters<typeof start>): Promise<RunningProjections> => {
    const one = await start(pool, ...rest);
    running.push(one);
    return one;
  };
  const rebuild = (wanted: readonly Projection[], over: Partial<RebuildDependencies> = {}) =>
    rebuildProjections(wanted, { pool: database.createPool(), log, owner: 'a rebuild', batchEvents: 50, ...over });
  const tables = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'counter_v%' ORDER BY 1`,
    );
    return rows.map(({ relname }) => relname);
  };

  beforeEach(async () => {
    database = await projectionDatabase();
    log = createMemoryLog();
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
    await database.drop();
  });

  it('gives the rows that the live tables hold, and keeps the table of before', async () => {
    const events = talk(400);
    log.publish(events);
    const all = [...projections, counter];
    const runner = await run(database.pool, log, all);
    await runner.waitFor(400n, wait);
    const before = await tables();
    const results = await rebuild(all);
    expect(results.map(({ outcome }) => outcome)).toEqual(all.map(() => 'rebuilt'));
    for (const projection of all) {
      expect(await liveRows(database.pool, projection)).toEqual(await foldInBatches(projection, events, [500]));
    }
    const after = await tables();
    const fresh = after.find((table) => !before.includes(table));
    expect(after).toHaveLength(2);
    expect(after).toContain(before[0]);
    const { rows } = await database.pool.query(`SELECT 1 FROM pg_indexes WHERE tablename = '${fresh!}'`);
    expect(rows).toHaveLength(2);
  });

  it('mends rows that were damaged', async () => {
    log.publish(talk(20));
    const runner = await run(database.pool, log, [counter]);
    await runner.waitFor(20n, wait);
    await runner.stop();
    await database.pool.query(`UPDATE ${(await tables())[0]!} SET count = 99`);
    await rebuild([counter]);
    expect(await liveRows(database.pool, counter)).toEqual(await foldInBatches(counter, talk(20), [50]));
  });

  it('is not noticed by readers, and the runner goes on with the new table by itself', async () => {
    const events = talk(1200);
    log.publish(events.slice(0, 600));
    const runner = await run(database.pool, log, [counter], { pollMs: 20 });
    await runner.waitFor(600n, wait);
    const observed = { reads: 0, lowest: 600, over: false };
    const reading = (async () => {
      const reader = database.createPool();
      while (!observed.over) {
        const { rows } = await reader.query<{ sum: number }>('SELECT sum(count)::int AS sum FROM counter_v1');
        observed.reads += 1;
        expect(rows[0]!.sum).toBeGreaterThanOrEqual(observed.lowest);
        observed.lowest = rows[0]!.sum;
      }
    })();
    for (let round = 0; round < 6; round += 1) {
      const from = 600 + round * 100;
      const rebuilding = rebuild([counter]);
      for (let n = from; n < from + 100; n += 5) {
        log.publish(events.slice(n, n + 5));
        await runner.waitFor(BigInt(n + 5), wait);
      }
      expect((await rebuilding)[0]?.outcome).toBe('rebuilt');
    }
    expect(await runner.waitFor(1200n, wait)).toBe('reached');
    observed.over = true;
    await reading;
    expect(observed.reads).toBeGreaterThan(6);
    expect(await liveRows(database.pool, counter)).toEqual(await foldInBatches(counter, events, [2000]));
  });

  it('waits for a long query of a reader, and does not fail', async () => {
    log.publish(talk(50));
    await (await run(database.pool, log, [counter])).stop();
    const reader = await database.createPool().connect();
    await reader.query('BEGIN; SELECT * FROM counter_v1');
    let swapping = (): void => undefined;
    const atSwap = new Promise<void>((resolve) => (swapping = resolve));
    const rebuilding = rebuild([counter], {
      onProgress: ({ phase }) => {
        if (phase === 'swap') swapping();
      },
    });
    await atSwap;
    await reader.query('COMMIT');
    reader.release();
    expect((await rebuilding)[0]?.outcome).toBe('rebuilt');
    expect(await tables()).toHaveLength(2);
  });

  it('goes on after it was interrupted, from where it stopped', async () => {
    log.publish(talk(1000));
    await (await run(database.pool, log, [counter])).stop();
    const stop = new AbortController();
    const first = rebuild([counter], {
      signal: stop.signal,
      onProgress: ({ position }) => {
        if (position >= 300n) stop.abort(new Error('interrupted'));
      },
    });
    await expect(first).rejects.toThrow('interrupted');
    const positions: bigint[] = [];
    const onProgress: RebuildDependencies['onProgress'] = ({ phase, position }) => {
      if (phase === 'load') positions.push(position);
    };
    expect((await rebuild([counter], { onProgress }))[0]?.outcome).toBe('rebuilt');
    expect(positions[0]).toBeGreaterThan(300n);
    expect(positions.at(-1)).toBe(1000n);
    expect(await liveRows(database.pool, counter)).toEqual(await foldInBatches(counter, talk(1000), [2000]));
  });

  it('is refused while another process is at it', async () => {
    log.publish(talk(100));
    let meanwhile: unknown;
    const slow: typeof log = {
      ...log,
      async *readPages(range) {
        // The first rebuild has the lease and has read nothing yet.
        meanwhile ??= await rebuild([counter], { owner: 'another rebuild' });
        yield* log.readPages(range);
      },
    };
    expect((await rebuild([counter], { log: slow }))[0]?.outcome).toBe('rebuilt');
    expect(meanwhile).toMatchObject([{ outcome: 'busy' }]);
  });

  it('stops at a poison event and lets the old rows serve', async () => {
    log.publish(talk(10));
    const runner = await run(database.pool, log, [counter]);
    await runner.waitFor(10n, wait);
    const [result] = await rebuild([poisoned(1)].map((projection) => ({ ...projection, shape: counter.shape })));
    expect(result).toMatchObject({ outcome: 'failed', failure: { position: '1', message: 'Error: no 0' } });
    expect(await liveRows(database.pool, counter)).toHaveLength(5);
    const states = (await readStatus(database.pool, () => log.head())).map(({ role, state }) => `${role} ${state}`);
    expect(states).toEqual(['live running', 'building failed']);
    expect((await rebuild([counter]))[0]?.outcome).toBe('rebuilt');
  });

  it('builds a new version beside the old one, which serves old and new processes meanwhile', async () => {
    const events = talk(300);
    log.publish(events.slice(0, 200));
    const old = await run(database.pool, log, [counter]);
    await old.waitFor(200n, wait);
    const others = database.createPool();
    const fresh = await run(database.createPool(), log, [counterV2]);
    const first = await liveRows(others, counterV2);
    expect(first).toHaveLength(5);
    log.publish(events.slice(200));
    expect(await fresh.waitFor(300n, wait)).toBe('reached');
    expect(await old.waitFor(300n, wait)).toBe('reached');
    expect(await liveRows(others, counterV2)).toEqual(await foldInBatches(counterV2, events, [500]));
    expect(await liveRows(others, counter)).toEqual(await foldInBatches(counter, events, [500]));
    const states = (await readStatus(others, () => log.head())).map(({ version, role }) => [version, role]);
    expect(states).toEqual([
      [1, 'live'],
      [2, 'live'],
    ]);
  });

  it('shows old rows through the view of a new version whose building cannot begin', async () => {
    log.publish(talk(10));
    const old = await run(database.pool, log, [counter]);
    await old.waitFor(10n, wait);
    const failing = defineProjection({
      name: 'counter',
      version: 2,
      table: { columns: { session_id: text, count: integer, last: nullable(text), twice: integer }, key },
      on: {
        UserMessageReceived: {
          key: bySession,
          apply: () => {
            throw new Error('never');
          },
        },
      },
    });
    await run(database.createPool(), log, [failing]);
    expect(await liveRows(database.pool, failing)).toContainEqual({ session_id: 's0', count: 2, last: null, twice: 0 });
  });
});
