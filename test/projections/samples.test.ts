import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventDefinitions, type DomainEvent } from '../../src/events/catalogue/index.js';
import { createCodec } from '../../src/events/codec.js';
import type { EventLog } from '../../src/events/event-log.js';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../src/events/postgres/migrations.js';
import type { EventStore } from '../../src/events/store.js';
import { createEventLog } from '../../src/events/typed-log.js';
import { personalClasses, type PersonalClass } from '../../src/events/personal.js';
import { newId } from '../../src/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import type { Row } from '../../src/projections/projection.js';
import { createQueries } from '../../src/projections/queries/index.js';
import { projections } from '../../src/projections/read-models/index.js';
import { rebuildProjections } from '../../src/projections/rebuild.js';
import type { RunningProjections } from '../../src/projections/start.js';
import type { TestDatabase } from '../support/database.js';
import { liveRows, projectionDatabase, silent, start } from '../support/projection-database.js';
import { conversations, serviceRequests, type History } from '../support/sample-histories.js';

const withBigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The data of the issue: every statement as a conversation, every service request as a case, through the real log. */
describe('read models of the sample data', () => {
  let database: TestDatabase;
  let store: EventStore;
  let log: EventLog;
  let running: RunningProjections;
  let live: ReadonlyMap<string, readonly Row[]>;
  const codec = createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() });
  const histories = (): History[] => [...conversations(), ...serviceRequests()];

  /** Appends every history in two pieces, many streams at once, as citizens and officers would. */
  const appendAll = async (): Promise<bigint> => {
    const waiting = histories();
    const write = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const { stream, events } = next;
        await log.append(stream, events.slice(0, 3), 'noStream');
        if (events.length > 3) await log.append(stream, events.slice(3), 2);
      }
    };
    await Promise.all(Array.from({ length: 60 }, write));
    return (await log.head()).position;
  };

  /** Some citizens are forgotten, wholly or in part, those who sent files among them. */
  const erased = [...conversations()].filter((_, index) => index % 7 === 5);
  const eraseSome = async (): Promise<bigint> => {
    for (const [index, { stream, events }] of erased.entries()) {
      const subject = stream.slice('session-'.length);
      const classes: readonly PersonalClass[] = index % 3 === 0 ? ['content', 'evidence'] : personalClasses;
      const event: DomainEvent = { type: 'PersonalDataErased', data: { classes: [...classes], reason: 'retention' } };
      await log.append(stream, [{ ...events[0]!, id: newId(), subject, event }], 'streamExists');
    }
    return (await log.head()).position;
  };

  beforeAll(async () => {
    database = await projectionDatabase();
    await migrate(database.pool, 'citizen', eventStoreMigrations);
    const pool = database.createPool({ max: 8 });
    const settings = { appendBatchMax: 512, appendTimeoutMs: 30_000, readPageEvents: 1000 };
    store = await createPostgresEventStore({ pool, logger: silent, settings });
    log = createEventLog({ store, codec });
    running = await start(pool, log, projections);
    await appendAll();
    const head = await eraseSome();
    expect(await running.waitFor(head, { timeoutMs: 30_000 })).toBe('reached');
    live = new Map(
      await Promise.all(projections.map(async (p) => [p.name, await liveRows(database.pool, p)] as const)),
    );
  }, 120_000);
  afterAll(async () => {
    await running.stop();
    await store.close();
    await database.drop();
  });

  it('hold every conversation and every case', () => {
    const all = histories();
    const sessions = all.filter(({ stream }) => stream.startsWith('session-'));
    expect(live.get('session-status')).toHaveLength(sessions.length);
    const filed = all.filter(({ events }) =>
      events.some(({ event }) => event.type === 'ComplaintSubmitted' || event.type === 'CaseOpened'),
    );
    expect(live.get('tracking-number')).toHaveLength(filed.length);
  });

  it.each(projections.map(({ name }) => name))('are the same live and rebuilt: %s', async (name) => {
    const projection = projections.find((candidate) => candidate.name === name)!;
    const pool = database.createPool({ max: 6 });
    const [result] = await rebuildProjections([projection], { pool, log, owner: `rebuild of ${name}` });
    expect(result?.outcome).toBe('rebuilt');
    expect(await liveRows(database.pool, projection)).toEqual(live.get(name));
  });

  it.each(projections.map(({ name }) => name))('hold nothing sealed of citizens who were erased: %s', (name) => {
    const subjects = erased.map(({ stream }) => stream.slice('session-'.length));
    const rows = live.get(name)!.filter((row) => subjects.some((subject) => row['session_id'] === subject));
    const { columns } = projections.find((projection) => projection.name === name)!;
    if ('session_id' in columns && name !== 'pending-turns') expect(rows).not.toEqual([]);
    const texts = rows.map((row) =>
      Object.values(row)
        .map((value) => JSON.stringify(value, withBigints))
        .join(),
    );
    expect(texts.filter((text) => /sealed:v1:(content|evidence)/.test(text))).toEqual([]);
  });

  it('can be asked', async () => {
    const queries = createQueries({ pool: database.pool, codec, log, abandonedAfterHours: 24 });
    const [conversation] = histories();
    const sessionId = conversation!.stream.slice('session-'.length);
    const lines = await queries.transcript(sessionId, { limit: 100 });
    expect(lines[0]?.text).toMatch(/^Smallhouse Rd/);
    expect(await queries.sessionStatus(sessionId)).toMatchObject({
      messageCount: lines.filter(({ text }) => text).length,
    });
    expect((await queries.projectionStatus()).every(({ lagEvents }) => lagEvents === 0n)).toBe(true);
  });

  it('can be asked for what was just appended', async () => {
    const [conversation] = conversations();
    const last = conversation!.events.at(-1)!;
    for (let n = 0; n < 50; n += 1) {
      const event = { type: 'LanguageChanged' as const, data: { language: 'kri' as const } };
      const id = `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
      const { position } = await log.append(conversation!.stream, [{ ...last, event, id }], 'any');
      expect(await running.waitFor(position, { timeoutMs: 10_000 })).toBe('reached');
    }
  });
});
