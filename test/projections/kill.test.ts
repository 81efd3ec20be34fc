import { execFileSync, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodec } from '../../src/events/codec.js';
import { eventDefinitions, sessionStream } from '../../src/events/catalogue/index.js';
import type { EventLog } from '../../src/events/event-log.js';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../src/events/postgres/migrations.js';
import type { EventStore } from '../../src/events/store.js';
import { createEventLog } from '../../src/events/typed-log.js';
import { newId } from '../../src/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { rowsAsOf } from '../../src/projections/as-of.js';
import { projections } from '../../src/projections/read-models/index.js';
import { sessionStatus } from '../../src/projections/read-models/session-status.js';
import { viewName } from '../../src/projections/sql.js';
import type { RunningProjections } from '../../src/projections/start.js';
import { chance } from '../events/support/chance.js';
import type { TestDatabase } from '../support/database.js';
import { liveRows, projectionDatabase, silent, start } from '../support/projection-database.js';
import { inKeyOrder } from '../support/projection-harness.js';

const SESSIONS = 40;
const MESSAGES = 50;
const childScript = fileURLToPath(new URL('./support/admin-child.mjs', import.meta.url));
const names = projections.map(({ name }) => name);

interface Order {
  readonly command: 'rebuild' | 'verify' | 'rollback';
  readonly names: readonly string[];
  readonly maxLoadPercent?: number;
}

/** Read models of one server, a rebuild of them in processes that are killed, citizens who go on talking, a reader. */
describe('a process of an admin that is killed', () => {
  let database: TestDatabase;
  let store: EventStore;
  let log: EventLog;
  let running: RunningProjections;

  const say = async (session: string, messages: number, expected: 'noStream' | 'streamExists'): Promise<bigint> => {
    const events = Array.from({ length: messages }, (_, n) => ({
      id: newId(),
      occurredAt: '2026-01-02T03:04:05.678Z',
      actor: { kind: 'citizen' as const },
      subject: session,
      event: { type: 'UserMessageReceived' as const, data: { text: `m${n}`, evidenceIds: [] } },
    }));
    const start = {
      type: 'SessionStarted',
      data: { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' },
    };
    const first = { ...events[0]!, id: newId(), event: start as never };
    const all = expected === 'noStream' ? [first, ...events] : events;
    return (await log.append(sessionStream(session), all, expected)).position;
  };

  /** Runs an order in a process of its own; `deadly` says after which message, or after how long, it is killed. */
  const admin = (order: Order, deadly?: { phase?: string; afterMs: number }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const child = fork(childScript, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
      let result: unknown;
      let condemned = false;
      child.on('message', (message: { phase?: string; result?: string }) => {
        if (message.result !== undefined) result = JSON.parse(message.result);
        if (deadly === undefined || condemned || (deadly.phase !== undefined && message.phase !== deadly.phase)) return;
        condemned = true;
        setTimeout(() => child.kill('SIGKILL'), deadly.afterMs);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (signal === 'SIGKILL') resolve('killed');
        else if (code === 0) resolve(result);
        else reject(new Error(`The process ended with ${code}`));
      });
      child.send({ url: database.url, ...order });
    });

  const rowsAgree = async (): Promise<void> => {
    const { position } = await log.head();
    expect(await running.waitFor(position, { timeoutMs: 30_000 })).toBe('reached');
    for (const projection of projections) {
      const expected = inKeyOrder(projection, await rowsAsOf(projection, log, { position }));
      expect(await liveRows(database.pool, projection)).toEqual(expected);
    }
  };

  beforeAll(async () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build-if-needed.mjs', import.meta.url))]);
    database = await projectionDatabase();
    await migrate(database.pool, 'citizen', eventStoreMigrations);
    const settings = { appendBatchMax: 512, appendTimeoutMs: 30_000, readPageEvents: 500 };
    store = await createPostgresEventStore({ pool: database.createPool({ max: 6 }), logger: silent, settings });
    log = createEventLog({
      store,
      codec: createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() }),
    });
    await Promise.all(Array.from({ length: SESSIONS }, (_, n) => say(`s${n}`, MESSAGES, 'noStream')));
    running = await start(database.createPool({ max: 8 }), log, projections);
    await rowsAgree();
  }, 240_000);
  afterAll(async () => {
    await running.stop();
    await store.close();
    await database.drop();
  });

  it('leaves a rebuild that the next one finishes, and no reader notices anything', { timeout: 240_000 }, async () => {
    const luck = chance(6);
    const observed = { over: false, reads: 0, messages: 0 };
    const reader = database.createPool({ max: 1 });
    const sum = `SELECT sum(citizen_messages)::int AS messages FROM ${viewName(sessionStatus)}`;
    const reading = (async () => {
      while (!observed.over) {
        const { rows } = await reader.query<{ messages: number }>(sum);
        expect(rows[0]!.messages).toBeGreaterThanOrEqual(observed.messages);
        observed.messages = rows[0]!.messages;
        observed.reads += 1;
      }
    })();
    const talking = (async () => {
      while (!observed.over) {
        await say(`s${luck.whole(SESSIONS)}`, 2, 'streamExists');
        await delay(20);
      }
    })();
    const deaths = [
      { afterMs: 0 },
      { afterMs: luck.whole(200) },
      { afterMs: luck.whole(800) },
      { phase: 'index', afterMs: 0 },
      { phase: 'swap', afterMs: luck.whole(10) },
      { phase: 'swap', afterMs: luck.whole(60) },
    ];
    for (const deadly of deaths) await admin({ command: 'rebuild', names, maxLoadPercent: 40 }, deadly);
    const done = await admin({ command: 'rebuild', names });
    expect(done).toMatchObject(names.map((name) => ({ name, outcome: 'rebuilt' })));
    observed.over = true;
    await Promise.all([reading, talking]);
    expect(observed.reads).toBeGreaterThan(10);
    await rowsAgree();
    const { rows } = await database.pool.query<{ role: string; n: string }>(
      'SELECT role, count(*)::text AS n FROM projections GROUP BY role ORDER BY role',
    );
    expect(rows).toEqual(['live', 'previous'].map((role) => ({ role, n: String(names.length) })));
  });

  it('leaves a check and a roll-back that can be done again', { timeout: 240_000 }, async () => {
    const [name] = names as [string];
    await admin({ command: 'verify', names: [name], maxLoadPercent: 20 }, { phase: 'load', afterMs: 20 });
    expect(await admin({ command: 'verify', names: [name] })).toMatchObject({ outcome: 'same' });
    await say('s1', 40, 'streamExists');
    await admin({ command: 'rollback', names: [name] }, { afterMs: 15 });
    await admin({ command: 'rollback', names: [name] }, { afterMs: 15 });
    await rowsAgree();
    const { rows } = await database.pool.query(`SELECT role FROM projections WHERE name = $1 ORDER BY role`, [name]);
    expect(rows).toEqual([{ role: 'live' }, { role: 'previous' }]);
  });
});
