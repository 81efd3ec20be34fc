import { describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import { eventCorrupt } from '../../src/events/errors.js';
import { sessionStatus } from '../../src/projections/read-models/session-status.js';
import { readStatus } from '../../src/projections/status.js';
import type { MemoryLog } from '../support/memory-log.js';
import { liveRows, start } from '../support/projection-database.js';
import { foldInBatches } from '../support/projection-harness.js';
import { patience, useContext } from './support/context.js';
import { adminOf, counter, mended, talk } from './support/counter.js';

const decided = { reason: 'sent twice by mistake', by: 'night shift' };

describe('orders to a projection', () => {
  const context = useContext();
  const admin = (projections = [counter]) => adminOf(context.database.createPool(), context.log, { projections });
  const failed = () => expect.poll(async () => (await context.status())?.state).toBe('failed');

  it('pause it in whatever process it runs, and resume it', async () => {
    const events = talk(40);
    context.log.publish(events.slice(0, 20));
    const runner = await context.run([counter]);
    await runner.waitFor(20n, patience);
    expect(await admin().pause('counter', { reason: 'disk work' })).toMatchObject({ ok: true });
    context.log.publish(events.slice(20));
    expect(await runner.waitFor(40n, { timeoutMs: 100 })).toBe('timed_out');
    expect(await context.status()).toMatchObject({ state: 'paused', pausedReason: 'disk work', position: 20n });
    expect(await admin().pause('counter')).toMatchObject({ ok: false, code: 'already_paused' });
    expect(await admin().resume('counter')).toMatchObject({ ok: true });
    expect(await runner.waitFor(40n, patience)).toBe('reached');
    expect(await admin().resume('counter')).toMatchObject({ ok: false, code: 'not_paused' });
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, events, [100]));
  });

  it('keep it paused over a restart', async () => {
    await (await context.run([counter])).stop();
    await admin().pause('counter');
    const again = await context.run([counter]);
    context.log.publish(talk(5));
    expect(await again.waitFor(5n, { timeoutMs: 100 })).toBe('timed_out');
  });

  it('let it try again after it stopped at an event', async () => {
    context.log.publish(talk(10, [7]));
    await context.run([counter]);
    await failed();
    expect(await admin().retry('counter')).toMatchObject({ ok: true });
    await failed();
    expect(await context.status()).toMatchObject({ position: 6n, error: { position: '7' } });
    expect((await context.status())?.error?.stack.length).toBeGreaterThan(0);
  });

  it('do nothing to one that runs', async () => {
    await context.run([counter]);
    expect(await admin().retry('counter')).toMatchObject({ ok: false, code: 'not_failed' });
    expect(await admin().skip('counter', { position: 1n, ...decided })).toMatchObject({ code: 'not_failed' });
    expect(await admin().cancelRebuild('counter')).toMatchObject({ ok: false, code: 'no_rebuild' });
  });

  it('are refused for a name that does not exist, and for what is not live yet', async () => {
    expect(await admin().pause('nothing')).toMatchObject({ ok: false, code: 'unknown_projection' });
    expect(await admin().pause('counter')).toMatchObject({ ok: false, code: 'not_live' });
    await expect(admin().rebuild(['nothing'])).rejects.toThrow('There is no projection "nothing". There are: counter.');
  });

  it('leave out the event at which it stands, and record who decided it and why', async () => {
    const events = talk(20, [7]);
    context.log.publish(events);
    const runner = await context.run([counter]);
    await failed();
    expect(await admin().skip('counter', { position: 7n, ...decided })).toMatchObject({ ok: true });
    expect(await runner.waitFor(20n, patience)).toBe('reached');
    const others = events.filter(({ meta }) => meta.position !== 7n);
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, others, [100]));
    expect(await context.status()).toMatchObject({ state: 'running', skipped: 1, error: null });
    const { rows } = await context.database.pool.query('SELECT * FROM projection_skips');
    expect(rows).toMatchObject([
      {
        ...{ name: 'counter', version: 1, position: '7', event_type: 'UserMessageReceived' },
        ...{ event_id: events[6]!.meta.id, reason: decided.reason, decided_by: decided.by },
      },
    ]);
  });

  it('leave out nothing without a reason, and no event but the one at which it stands', async () => {
    context.log.publish(talk(20, [7]));
    await context.run([counter]);
    await failed();
    expect(await admin().skip('counter', { position: 7n, reason: ' ', by: 'x' })).toMatchObject({
      code: 'reason_needed',
    });
    expect(await admin().skip('counter', { position: 8n, ...decided })).toMatchObject({ code: 'other_event' });
    expect(await context.status()).toMatchObject({ state: 'failed', skipped: 0 });
  });

  it('leave out an event also in a rebuild of the same version, even when that could apply it', async () => {
    const events = talk(20, [7]);
    context.log.publish(events);
    const runner = await context.run([counter]);
    await failed();
    await admin().skip('counter', { position: 7n, ...decided });
    await runner.waitFor(20n, patience);
    expect(await admin([mended]).rebuild(['counter'])).toMatchObject([{ outcome: 'rebuilt' }]);
    const others = events.filter(({ meta }) => meta.position !== 7n);
    expect(await liveRows(context.database.pool, counter)).toEqual(await foldInBatches(counter, others, [100]));
  });

  it('skip several events one after the other', async () => {
    const events = talk(30, [3, 4, 30]);
    context.log.publish(events);
    const runner = await context.run([counter]);
    for (const position of [3n, 4n, 30n]) {
      await expect.poll(async () => (await context.status())?.error?.position).toBe(position.toString());
      await admin().skip('counter', { position, ...decided });
    }
    expect(await runner.waitFor(30n, patience)).toBe('reached');
    expect((await context.status())?.skipped).toBe(3);
  });
});

/** The log, in which one event cannot be decoded. */
function damaged(log: MemoryLog, at: AnyRecorded): MemoryLog {
  const check = (events: readonly AnyRecorded[]): void => {
    if (events.some(({ meta }) => meta.position === at.meta.position))
      throw eventCorrupt({ type: at.type, ...at.meta }, 'its payload is not JSON');
  };
  return {
    ...log,
    async *readPages(range) {
      for await (const page of log.readPages(range)) {
        check(page.events);
        yield page;
      }
    },
    async *subscribe(options) {
      for await (const message of log.subscribe(options)) {
        if (message.kind === 'event') check([message.event]);
        yield message;
      }
    },
  };
}

describe('an event that cannot even be decoded', () => {
  const context = useContext();

  it('stops the projections that listen to it, and can be left out like any other', async () => {
    const events = talk(30);
    context.log.publish(events);
    const log = damaged(context.log, events[11]!);
    const { pool } = context.database;
    const running = await start(context.database.createPool(), log, [counter, sessionStatus], { pollMs: 20 });
    const admin = adminOf(context.database.createPool(), log, { projections: [counter] });
    await expect
      .poll(async () => (await readStatus(pool, () => log.head())).map(({ state }) => state))
      .toContain('failed');
    const stands = { position: 11n, error: { position: '12', eventType: 'unreadable' } };
    expect((await readStatus(pool, () => log.head())).find(({ name }) => name === 'counter')).toMatchObject(stands);
    expect(await admin.rebuild(['counter'])).toMatchObject([{ outcome: 'failed', failure: { position: '12' } }]);
    expect(await admin.skip('counter', { position: 12n, ...decided })).toMatchObject({ ok: true });
    expect(await running.waitFor(30n, { ...patience, projection: 'counter' })).toBe('reached');
    expect(await admin.rebuild(['counter'])).toMatchObject([{ outcome: 'rebuilt' }]);
    expect(await admin.verify('counter')).toMatchObject({ outcome: 'same' });
    const others = events.filter(({ meta }) => meta.position !== 12n);
    expect(await liveRows(pool, counter)).toEqual(await foldInBatches(counter, others, [100]));
    await running.stop();
  });
});

describe('a projection that cannot write', () => {
  const context = useContext();

  it('backs off visibly while somebody locks its table, and recovers by itself', async () => {
    const { database, log } = context;
    const patient = await start(database.createPool({ lockTimeoutMs: 50 }), log, [counter], { pollMs: 20 });
    log.publish(talk(5));
    await patient.waitFor(5n, patience);
    const locker = await database.createPool().connect();
    await locker.query(`BEGIN; LOCK TABLE ${(await context.status())!.table} IN ACCESS EXCLUSIVE MODE`);
    log.publish(talk(10).slice(5));
    await expect.poll(async () => (await context.status())?.waiting).toMatchObject({ reason: 'blocked' });
    expect((await context.status())?.state).toBe('running');
    await locker.query('ROLLBACK');
    locker.release();
    expect(await patient.waitFor(10n, patience)).toBe('reached');
    await expect.poll(async () => (await context.status())?.waiting).toBeNull();
    await patient.stop();
  });

  it('recovers when its table was changed under it and is put right again', async () => {
    const runner = await context.run([counter]);
    const { table } = (await context.status())!;
    await context.database.pool.query(`ALTER TABLE ${table} RENAME COLUMN count TO counted`);
    context.log.publish(talk(5));
    await expect.poll(async () => (await context.status())?.waiting?.reason).toBe('42703');
    await context.database.pool.query(`ALTER TABLE ${table} RENAME COLUMN counted TO count`);
    expect(await runner.waitFor(5n, patience)).toBe('reached');
    await expect.poll(async () => (await context.status())?.waiting).toBeNull();
  });
});
