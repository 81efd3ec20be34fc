import { describe, expect, it } from 'vitest';
import { dropOtherVersions } from '../../src/projections/old-copies.js';
import { acquire } from '../../src/projections/leases.js';
import type { Projection } from '../../src/projections/projection.js';
import { createRowStore } from '../../src/projections/row-store.js';
import { liveRows } from '../support/projection-database.js';
import { foldInBatches } from '../support/projection-harness.js';
import { patience, useContext } from './support/context.js';
import { adminOf, allTables, counter, counterV2, tablesOf, talk } from './support/counter.js';

describe('what served before a rebuild', () => {
  const context = useContext();
  const admin = (projection: Projection = counter) =>
    adminOf(context.database.createPool(), context.log, { projections: [projection] });
  const rolesOf = async () => (await tablesOf(context.database.pool)).map(({ role }) => role);

  it('is kept as the previous copy, and only the last one of them', async () => {
    context.log.publish(talk(20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    const [first] = await tablesOf(context.database.pool);
    await admin().rebuild(['counter']);
    expect(await tablesOf(context.database.pool)).toContainEqual({ table: first!.table, role: 'previous' });
    await admin().rebuild(['counter']);
    expect(await rolesOf()).toEqual(['previous', 'live']);
    expect(await allTables(context.database.pool)).not.toContain(first!.table);
  });

  it('is fed by nobody', async () => {
    const events = talk(40);
    context.log.publish(events.slice(0, 20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    await admin().rebuild(['counter']);
    context.log.publish(events.slice(20));
    await runner.waitFor(40n, patience);
    expect(await context.status('previous')).toMatchObject({ position: 20n, lagEvents: 20n, owner: null });
  });

  it('serves again after a roll-back, with everything that came meanwhile', async () => {
    const events = talk(60);
    context.log.publish(events.slice(0, 20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    const [first] = await tablesOf(context.database.pool);
    await admin().rebuild(['counter']);
    context.log.publish(events.slice(20, 40));
    await runner.waitFor(40n, patience);
    expect(await admin().rollback('counter')).toMatchObject({ ok: true });
    expect(await tablesOf(context.database.pool)).toContainEqual({ table: first!.table, role: 'live' });
    expect(await liveRows(context.database.pool, counter)).toEqual(
      await foldInBatches(counter, events.slice(0, 40), [100]),
    );
    context.log.publish(events.slice(40));
    expect(await runner.waitFor(60n, patience)).toBe('reached');
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, events, [100]));
  });

  it('changes places with the live copy while that moves, and no reader sees time go backwards', async () => {
    const events = talk(1500);
    context.log.publish(events.slice(0, 300));
    const runner = await context.run([counter]);
    await runner.waitFor(300n, patience);
    await admin().rebuild(['counter']);
    const observed = { lowest: 300, reads: 0, over: false };
    const reading = (async () => {
      const reader = context.database.createPool();
      while (!observed.over) {
        const { rows } = await reader.query<{ sum: number }>('SELECT sum(count)::int AS sum FROM counter_v1');
        expect(rows[0]!.sum).toBeGreaterThanOrEqual(observed.lowest);
        observed.lowest = rows[0]!.sum;
        observed.reads += 1;
      }
    })();
    for (let from = 300; from < 1500; from += 300) {
      const rolling = admin().rollback('counter');
      for (let n = from; n < from + 300; n += 10) {
        context.log.publish(events.slice(n, n + 10));
        await runner.waitFor(BigInt(n + 10), patience);
      }
      expect(await rolling).toMatchObject({ ok: true });
    }
    expect(await runner.waitFor(1500n, patience)).toBe('reached');
    observed.over = true;
    await reading;
    expect(observed.reads).toBeGreaterThan(4);
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, events, [2000]));
  });

  it('is not touched by the writer that held it before the swap', async () => {
    context.log.publish(talk(20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    await runner.stop();
    const { pool } = context.database;
    const stale = (await acquire(pool, counter, 'live', { owner: 'stale', leaseMs: 1 }))!;
    await admin().rebuild(['counter']);
    const store = createRowStore(pool, counter, stale);
    const row = { session_id: 's0', count: 99, last: null };
    expect(await store.save({ upserts: [row], deletes: [] }, 20n, { position: 21n, recordedAt: null })).toBe(false);
    expect(await context.status('previous')).toMatchObject({ position: 20n });
  });

  it('is dropped when it is asked for, and then there is no way back', async () => {
    context.log.publish(talk(20));
    await context.run([counter]);
    await admin().rebuild(['counter']);
    expect(await admin().dropOld('counter')).toMatchObject({ ok: true });
    expect(await rolesOf()).toEqual(['live']);
    expect(await allTables(context.database.pool)).toHaveLength(1);
    expect(await admin().rollback('counter')).toMatchObject({ ok: false, code: 'no_previous' });
    expect(await admin().dropOld('counter')).toMatchObject({ ok: true, message: 'counter: nothing old was kept.' });
  });

  it('comes back paused when the live one was paused', async () => {
    context.log.publish(talk(20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    await admin().rebuild(['counter']);
    await admin().pause('counter', { reason: 'a look at it first' });
    expect(await admin().rollback('counter')).toMatchObject({ ok: true });
    expect(await context.status()).toMatchObject({ state: 'paused', pausedReason: 'a look at it first' });
  });

  it('stays beside old and new processes when the version changes', async () => {
    const events = talk(60);
    context.log.publish(events.slice(0, 30));
    const old = await context.run([counter]);
    await old.waitFor(30n, patience);
    await admin().rebuild(['counter']);
    const fresh = await context.run([counterV2]);
    context.log.publish(events.slice(30));
    expect(await fresh.waitFor(60n, patience)).toBe('reached');
    expect(await old.waitFor(60n, patience)).toBe('reached');
    expect(await admin(counterV2).rebuild(['counter'])).toMatchObject([{ outcome: 'rebuilt', version: 2 }]);
    expect(await admin(counterV2).rollback('counter')).toMatchObject({ ok: true });
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, events, [100]));
    expect(await liveRows(context.database.pool, counterV2)).toEqual(await foldInBatches(counterV2, events, [100]));
  });

  it('of an older version goes only when no process keeps that version up to date', async () => {
    context.log.publish(talk(30));
    const old = await context.run([counter]);
    await old.waitFor(30n, patience);
    const fresh = await context.run([counterV2]);
    await fresh.waitFor(30n, patience);
    await admin(counterV2).dropOld('counter');
    expect(await allTables(context.database.pool)).toHaveLength(2);
    await old.stop();
    await dropOtherVersions(context.database.pool, counterV2);
    expect(await allTables(context.database.pool)).toHaveLength(2);
    await context.database.pool.query(`UPDATE projections SET updated_at = now() - interval '1 s'`);
    await admin(counterV2).dropOld('counter');
    expect(await allTables(context.database.pool)).toHaveLength(1);
  });
});
