import { describe, expect, it } from 'vitest';
import type { WorkPhase, WorkProgress } from '../../src/projections/admin.js';
import type { Projection } from '../../src/projections/projection.js';
import { projections as readModels } from '../../src/projections/read-models/index.js';
import type { MemoryLog } from '../support/memory-log.js';
import { liveRows } from '../support/projection-database.js';
import { foldInBatches } from '../support/projection-harness.js';
import { patience, useContext } from './support/context.js';
import { adminOf, allTables, counter, counterV2, talk } from './support/counter.js';

/** Resolves when told; for rebuilds that shall stand still. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** The log, whose pages come only when the gate is open. */
const heldBack = (log: MemoryLog, opened: Promise<void>): MemoryLog => ({
  ...log,
  async *readPages(range) {
    await opened;
    yield* log.readPages(range);
  },
});

describe('rebuilds', () => {
  const context = useContext();
  const admin = (options: Parameters<typeof adminOf>[2] = {}, log = context.log) =>
    adminOf(context.database.createPool({ max: 8 }), log, options);
  const [first, second] = readModels as readonly [Projection, Projection];
  const projections = [counter, first, second];

  it('are at work no more than MAX_REBUILDS at once, in all processes together; the others wait for their turn', async () => {
    context.log.publish(talk(20));
    await context.run(projections);
    const { open, opened } = gate();
    const slow = heldBack(context.log, opened);
    const phases: WorkPhase[] = [];
    const atWork = [first, second].map(({ name }) => admin({ projections }, slow).rebuild([name]));
    await expect
      .poll(async () =>
        (await admin({ projections }).status()).filter(({ role, owner }) => role === 'building' && owner),
      )
      .toHaveLength(2);
    const third = admin({ projections }).rebuild(['counter'], { onProgress: ({ phase }) => void phases.push(phase) });
    await expect.poll(() => phases).toContain('wait');
    expect(phases).not.toContain('load');
    open();
    expect(await third).toMatchObject([{ name: 'counter', outcome: 'rebuilt' }]);
    expect((await Promise.all(atWork)).flat().map(({ outcome }) => outcome)).toEqual(['rebuilt', 'rebuilt']);
  });

  it('count once however many read models one of them feeds', async () => {
    context.log.publish(talk(20));
    await context.run(projections);
    const results = await admin({ projections, maxRebuilds: 1 }).rebuild([]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['rebuilt', 'rebuilt', 'rebuilt']);
  });

  it('wait for the lease of one that was killed, and go on with its copy', async () => {
    context.log.publish(talk(20));
    await context.run([counter]);
    const { opened, open } = gate();
    const stop = new AbortController();
    const dead = admin({}, heldBack(context.log, opened)).rebuild(['counter'], { signal: stop.signal });
    await expect.poll(() => context.status('building')).toBeDefined();
    // It falls silent: nobody prolongs the lease any more.
    await context.database.pool.query(`UPDATE projections SET fence = fence + 1 WHERE role = 'building'`);
    expect(await admin({ maxRebuilds: 1 }).rebuild(['counter'])).toMatchObject([{ outcome: 'rebuilt' }]);
    open();
    expect(await dead).toMatchObject([{ outcome: 'busy' }]);
  });

  it('tell what they are at, how fast, and how long it will take', async () => {
    context.log.publish(talk(3000));
    await context.run([counter]);
    const told: WorkProgress[] = [];
    const status: (string | null | undefined)[] = [];
    await admin().rebuild(['counter'], {
      maxLoadPercent: 2,
      onProgress: (progress) => {
        told.push(progress);
        void context.status('building').then((building) => status.push(building?.phase));
      },
    });
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual(['load', 'index', 'swap']);
    expect(told[0]).toMatchObject({ phase: 'load', position: 200n, head: 3000n });
    expect(told[0]!.eventsPerSecond).toBeGreaterThan(0);
    expect(told[0]!.etaSeconds).toBeGreaterThan(0);
    expect(status).toContain('load');
  });

  it('show their rate, their load and their owner in the status of the copy', async () => {
    context.log.publish(talk(4000));
    await context.run([counter]);
    const stop = new AbortController();
    const rebuilding = admin().rebuild(['counter'], { maxLoadPercent: 1, signal: stop.signal });
    rebuilding.catch(() => undefined);
    await expect.poll(() => context.status('building')).toMatchObject({ phase: 'load', maxLoadPercent: 1 });
    expect((await context.status('building'))!.owner).toMatch(/\/\d+\//);
    await expect.poll(async () => (await context.status('building'))?.etaSeconds).toBeGreaterThan(0);
    stop.abort(new Error('enough'));
    await expect(rebuilding).rejects.toThrow('enough');
    expect(await context.status('building')).toMatchObject({ owner: null, phase: null, etaSeconds: null });
  });

  it('can be called off from another process, and leave nothing behind', async () => {
    context.log.publish(talk(3000));
    const runner = await context.run([counter]);
    await runner.waitFor(3000n, patience);
    const other = admin();
    const rebuilding = admin().rebuild(['counter'], {
      maxLoadPercent: 1,
      onProgress: ({ position }) => {
        if (position === 1000n) void other.cancelRebuild('counter');
      },
    });
    expect(await rebuilding).toMatchObject([{ outcome: 'cancelled' }]);
    expect(await allTables(context.database.pool)).toHaveLength(1);
    expect(await context.status('building')).toBeUndefined();
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, talk(3000), [5000]));
  });

  it('can be called off while a long statement holds the copy', async () => {
    context.log.publish(talk(3000));
    await context.run([counter]);
    const stop = new AbortController();
    const rebuilding = admin().rebuild(['counter'], { maxLoadPercent: 1, signal: stop.signal });
    await expect.poll(() => context.status('building')).toBeDefined();
    // As the making of an index does.
    const long = await context.database.createPool().connect();
    await long.query(`BEGIN; LOCK TABLE ${(await context.status('building'))!.table} IN SHARE MODE`);
    const statement = long.query('SELECT pg_sleep(100)').then(
      () => 'ended',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(await admin().cancelRebuild('counter')).toMatchObject({ ok: true });
    expect(await statement).toBe('57014');
    expect(await rebuilding).toMatchObject([{ outcome: 'cancelled' }]);
    expect(await allTables(context.database.pool)).toHaveLength(1);
    long.release(true);
  });

  it('of others go on when one of them is called off', async () => {
    context.log.publish(talk(3000));
    await context.run(projections);
    const other = admin({ projections });
    const results = await admin({ projections }).rebuild([], {
      maxLoadPercent: 20,
      onProgress: ({ position }) => {
        if (position === 1000n) void other.cancelRebuild('counter');
      },
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(['cancelled', 'rebuilt', 'rebuilt']);
  });

  it('that were called off at the start of a new version are not begun again', async () => {
    context.log.publish(talk(3000));
    const old = await context.run([counter]);
    await old.waitFor(3000n, patience);
    const { open, opened } = gate();
    const { startProjections } = await import('../../src/projections/start.js');
    const { silent } = await import('../support/projection-database.js');
    const fresh = await startProjections({
      pool: context.database.createPool(),
      log: heldBack(context.log, opened) as unknown as Parameters<typeof startProjections>[0]['log'],
      logger: silent,
      projections: [counterV2],
      settings: { pollMs: 20 },
    });
    await expect.poll(() => context.status('building')).toBeDefined();
    await admin({ projections: [counterV2] }).cancelRebuild('counter');
    open();
    expect(await fresh.waitFor(3000n, { timeoutMs: 500 })).toBe('timed_out');
    expect(await context.status('building')).toBeUndefined();
    expect(await admin({ projections: [counterV2] }).rebuild(['counter'])).toMatchObject([{ outcome: 'rebuilt' }]);
    expect(await fresh.waitFor(3000n, patience)).toBe('reached');
    await fresh.stop();
  });

  it('list what the code defines and what the database has of it', async () => {
    context.log.publish(talk(50));
    const runner = await context.run([counter]);
    await runner.waitFor(50n, patience);
    await admin().rebuild(['counter']);
    const [summary] = await admin().list();
    expect(summary).toMatchObject({
      ...{ name: 'counter', version: 1, key: ['session_id'], events: ['UserMessageReceived', 'LanguageChanged'] },
      columns: [
        { name: 'session_id', type: 'text', nullable: false },
        { name: 'count' },
        { name: 'last', nullable: true },
      ],
      copies: [{ role: 'live', rows: 5, position: 50n }, { role: 'previous' }],
    });
  });
});
