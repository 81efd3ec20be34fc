import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runList, type ListOptions } from '../../src/cli/as-of/lists.js';
import { runReplay, type ReplayOptions } from '../../src/cli/replay/run-replay.js';
import { screen } from '../../src/cli/replay/screen.js';
import { initialState, panes } from '../../src/cli/replay/state.js';
import { noPaint } from '../../src/cli/replay/text.js';
import { createPolicies } from '../../src/commands/policies/policies.js';
import { eventDefinitions, type AnyRecorded } from '../../src/events/catalogue/index.js';
import { createCodec } from '../../src/events/codec.js';
import type { EventLog } from '../../src/events/event-log.js';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../src/events/postgres/migrations.js';
import type { EventStore } from '../../src/events/store.js';
import { createEventLog } from '../../src/events/typed-log.js';
import { newId } from '../../src/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { shortHash } from '../../src/platform/short-hash.js';
import { rowsAsOf } from '../../src/projections/as-of.js';
import type { Row } from '../../src/projections/projection.js';
import { projections } from '../../src/projections/read-models/index.js';
import type { RunningProjections } from '../../src/projections/start.js';
import { collectStory } from '../../src/replay/collect.js';
import { createStepFolder } from '../../src/replay/fold-steps.js';
import { maskedReader } from '../../src/replay/masking.js';
import { createReplay } from '../../src/replay/replay.js';
import { timelineOf } from '../../src/replay/timeline.js';
import type { TestDatabase } from '../support/database.js';
import { liveRows, projectionDatabase, silent, start } from '../support/projection-database.js';
import { foldInBatches, inKeyOrder } from '../support/projection-harness.js';
import { conversations, serviceRequests } from '../support/sample-histories.js';

/** A part of the sample data in the real log, with the read models live beside it. */
describe('the sample data', () => {
  let database: TestDatabase;
  let store: EventStore;
  let log: EventLog;
  let running: RunningProjections;
  const codec = createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() });
  const talks = [...conversations()].slice(0, 60);
  const requests = [...serviceRequests()].slice(0, 120);
  /** One that was filed with a file. */
  const talk = talks[5]!;
  const sessionId = talk.stream.slice('session-'.length);
  const submitted = talk.events.flatMap(({ event }) => (event.type === 'ComplaintSubmitted' ? [event.data] : []))[0]!;

  const reach = async (): Promise<bigint> => {
    const { position } = await log.head();
    expect(await running.waitFor(position, { timeoutMs: 60_000 })).toBe('reached');
    return position;
  };
  const everything = async (): Promise<AnyRecorded[]> => {
    const events: AnyRecorded[] = [];
    for await (const event of log.readAll()) events.push(event);
    return events;
  };

  beforeAll(async () => {
    database = await projectionDatabase();
    await migrate(database.pool, 'citizen', eventStoreMigrations);
    const settings = { appendBatchMax: 512, appendTimeoutMs: 30_000, readPageEvents: 100 };
    store = await createPostgresEventStore({ pool: database.createPool({ max: 8 }), logger: silent, settings });
    log = createEventLog({ store, codec });
    running = await start(database.pool, log, projections);
    await Promise.all([...talks, ...requests].map(({ stream, events }) => log.append(stream, events, 'noStream')));
    const [first] = talk.events;
    const opened = { ...first!, id: newId(), actor: { kind: 'system' as const } };
    const { complaintId, trackingLookup, standing, category, institution } = submitted;
    const filedAt = first!.occurredAt;
    const data = { complaintId, sessionId, trackingLookup, standing, category, institution, filedAt };
    await log.append(`complaint-${complaintId}`, [{ ...opened, event: { type: 'CaseOpened', data } }], 'noStream');
    const erasure = { classes: ['content' as const], reason: 'retention' };
    const other = talks[8]!;
    const erased = { ...other.events[0]!, id: newId(), event: { type: 'PersonalDataErased' as const, data: erasure } };
    await log.append(other.stream, [erased], 'streamExists');
    // Somebody else looks at the complaint, and says something that does not belong to its story.
    const access = { type: 'CaseAccessGranted' as const, data: { complaintId } };
    const stranger = talks[1]!;
    await log.append(stranger.stream, [{ ...stranger.events[0]!, id: newId(), event: access }], 'streamExists');
    await reach();
  }, 120_000);
  afterAll(async () => {
    await running.stop();
    await store.close();
    await database.drop();
  });

  const run = async (name: string, options: ReplayOptions) => {
    const written = { out: '', err: '' };
    const output = {
      out: (text: string) => void (written.out += text),
      err: (text: string) => void (written.err += text),
    };
    const clock = { now: () => new Date('2026-06-01T10:00:00Z') };
    const pepper = Buffer.alloc(32);
    const exit = await runReplay({ name, options, store, codec, log, pool: database.pool, pepper, clock, output });
    return { exit, ...written };
  };
  /** What nobody may read in masked output: all that the citizen and the assistant said, the number, names of files, ids, hashes. */
  const secrets = (): string[] => {
    const texts = talk.events.flatMap(({ event }) => {
      if (event.type === 'UserMessageReceived') return [event.data.text];
      if (event.type === 'AgentReplied') return [event.data.text, event.data.onceText ?? event.data.text];
      return event.type === 'EvidenceUploaded' ? [event.data.name, event.data.sha256] : [];
    });
    const longOnes = texts.filter((text) => text.length > 6);
    return [...longOnes, submitted.trackingNumber, submitted.accessKeyHash, sessionId, 'sealed:v1:'];
  };
  const leaked = (text: string): string[] => secrets().filter((secret) => text.includes(secret));

  it.each(projections.map((projection) => [projection.name, projection] as const))(
    'gives the live rows when %s is asked as of now',
    async (_name, projection) => {
      const position = await reach();
      const asOf: readonly Row[] = await rowsAsOf(projection, log, { position });
      expect(inKeyOrder(projection, asOf)).toEqual(await liveRows(database.pool, projection));
    },
  );

  const list = async (what: Parameters<typeof runList>[1], options: ListOptions) => {
    const written = { out: '', err: '' };
    const output = {
      out: (text: string) => void (written.out += text),
      err: (text: string) => void (written.err += text),
    };
    const policy = createPolicies();
    const exit = await runList({ pool: database.pool, log, store, codec, options, policy, output }, what);
    return { exit, ...written };
  };

  it.each([
    ['sessions', {}],
    ['sessions', { state: 'completed', limit: '7' }],
    ['sessions', { since: '2012-06-01', limit: '100' }],
    ['complaints', {}],
    ['complaints', { state: 'closed', limit: '5', since: '2012-01-01' }],
    [{ readModel: 'transcript' }, { session: sessionId }],
    [{ readModel: 'agent-replies' }, { limit: '13' }],
  ] as const)('gives the same list live and as of now: %j %j', async (what, options) => {
    const position = (await reach()).toString();
    const live = await list(what, { ...options, json: true });
    const asOf = await list(what, { ...options, json: true, at: position });
    expect([live.exit, asOf.out]).toEqual([0, live.out]);
    expect(live.out.split('\n').length).toBeGreaterThan(2);
    expect(asOf.err).toMatch(/: how things are now, for the log ends at position/);
  });

  it('is said not to be how things are now when it is listed as of before', async () => {
    expect((await list('sessions', { at: '5' })).err).toMatch(/^As of 5: not how things are now/);
  });

  it('is not listed as of a position that no event has yet', async () => {
    const position = await reach();
    expect(await list('complaints', { at: String(position + 1n) })).toMatchObject({
      exit: 2,
      out: '',
      err: `The log ends at position ${position}: there is nothing at ${position + 1n} yet. (position_beyond_end)\n`,
    });
  });

  it('has a dash where there is nothing to list', async () => {
    const { out } = await list('complaints', { limit: '100' });
    expect(out).toMatch(/ - /);
    expect(out).not.toMatch(/\bnull\b/);
  });

  it('is listed as of a past moment without what came later', async () => {
    const before = (await list('complaints', { at: '5', json: true })).out;
    const after = (await list('complaints', { json: true })).out;
    expect(before.length).toBeLessThan(after.length);
  });

  it('is listed without a text, a number or the id of a conversation', async () => {
    const lists = [list('sessions', {}), list('complaints', {}), list('sessions', { json: true })];
    const models = projections.map(({ name }) => list({ readModel: name }, { limit: '100000' }));
    for (const { out, exit } of await Promise.all([...lists, ...models])) expect([exit, leaked(out)]).toEqual([0, []]);
  });

  it.each([
    [{ at: 'yesterday' }, /--at is/],
    [{ since: '12' }, /--since is a time/],
    [{ limit: '0' }, /--limit/],
    [{ state: 'nowhere' }, /--state is one of greeting/],
  ])('is not listed by what nobody understands: %j', async (options, expected) => {
    expect(await list('sessions', options)).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(expected) });
  });

  it('gives the rows of a past moment, whichever way the moment is named', async () => {
    const events = await everything();
    const middle = events[Math.floor(events.length / 2)]!.meta;
    for (const projection of projections) {
      const past = events.filter(({ meta }) => meta.position <= middle.position);
      const expected = await foldInBatches(projection, past, [500]);
      const asOf = await rowsAsOf(projection, log, { position: middle.position });
      expect(inKeyOrder(projection, asOf)).toEqual(expected);
    }
    const untilThen = events.filter(({ meta }) => meta.recordedAt <= middle.recordedAt);
    const [projection] = projections;
    const asOf = await rowsAsOf(projection!, log, { time: middle.recordedAt });
    expect(inKeyOrder(projection!, asOf)).toEqual(await foldInBatches(projection!, untilThen, [500]));
  });

  it('gives at the last step of a replay what the live read models hold of this citizen', async () => {
    await reach();
    const { steps } = timelineOf(await collectStory({ store, codec }, { sessionId }));
    const snapshot = await createStepFolder(steps, projections).at(steps.length - 1);
    for (const [projection, rows] of snapshot) {
      const live = (await liveRows(database.pool, projection)).filter((row) => row['session_id'] === sessionId);
      expect(inKeyOrder(projection, rows)).toEqual(live);
    }
  });

  it('says at the step of an event that a read model leaves out who decided it and why, and leaves it out too', async () => {
    const story = await collectStory({ store, codec }, { sessionId });
    const at = story.events.findIndex(({ event }) => event.type === 'UserMessageReceived');
    const { recorded } = story.events[at]!;
    const { version } = projections.find(({ name }) => name === 'transcript')!;
    const rowsOf = async (): Promise<unknown> => {
      const { out } = await run(sessionId, { at: `#${at + 1}`, json: true });
      const { readModels } = JSON.parse(out) as { readModels: { name: string; rows: unknown[] }[] };
      return readModels.find(({ name }) => name === 'transcript')?.rows.length;
    };
    const before = await rowsOf();
    const decided = ['transcript', version, recorded.position.toString(), recorded.type, 'sent twice', 'staff-7'];
    await database.pool.query(
      `INSERT INTO projection_skips (name, version, position, event_type, error, reason, decided_by, decided_at)
       VALUES ($1, $2, $3, $4, '{}', $5, $6, '2026-05-12T14:00:00Z'), ($1, $2 + 1, $3, $4, '{}', 'of another version', $6, now())`,
      decided,
    );
    try {
      const words = /! left out of transcript by staff-7, 2026-05-12 14:00:00 UTC: sent twice/;
      expect((await run(sessionId, {})).out).toMatch(words);
      expect((await run(sessionId, { at: `#${at + 1}` })).out).toMatch(words);
      const { out } = await run(sessionId, { json: true });
      const skipped = out.split('\n').filter((line) => line.includes('"skippedBy":[{'));
      expect(skipped.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([at + 1]);
      expect(skipped[0]).toContain(
        '"skippedBy":[{"readModel":"transcript","at":"2026-05-12T14:00:00.000Z","by":"staff-7","reason":"sent twice"}]',
      );
      expect(await rowsOf()).toBe((before as number) - 1);
    } finally {
      await database.pool.query('DELETE FROM projection_skips');
    }
  });

  it('is told with the case and the visits of others, but not with what those others said', async () => {
    const story = await collectStory({ store, codec }, { sessionId });
    expect(story.events.map(({ place }) => place).filter((place) => place !== 'session')).toEqual([
      'case',
      'elsewhere',
    ]);
    expect(story.events.at(-1)?.event.type).toBe('CaseAccessGranted');
  });

  it('is found by session id, short reference and complaint id; anything else is said to be unknown', async () => {
    const names = [sessionId, shortHash(sessionId), submitted.complaintId];
    const found = await Promise.all(names.map((name) => run(name, {})));
    expect(found.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(new Set(found.map(({ out }) => out)).size).toBe(1);
    expect(await run('nothing', {})).toMatchObject({ exit: 1, out: '' });
  });

  it('keeps what the citizen told masked in every form of output', async () => {
    const count = (await collectStory({ store, codec }, { sessionId })).events.length;
    const outputs = [await run(sessionId, {}), await run(sessionId, { json: true })];
    for (let step = 1; step <= count; step += 1) {
      outputs.push(await run(sessionId, { at: `#${step}` }), await run(sessionId, { at: `#${step}`, json: true }));
    }
    outputs.push(
      await run(sessionId, { diff: ['0', `#${count}`] }),
      await run(sessionId, { diff: ['0', '#9'], json: true }),
    );
    for (const { out, err, exit } of outputs) expect([exit, leaked(out + err)]).toEqual([0, []]);
    expect(outputs[0]!.out).toContain('[masked: content]');
  });

  it('keeps it masked on the screen, on every pane of every step', async () => {
    const story = await collectStory({ store, codec }, { sessionId });
    const replay = await createReplay(story, { reader: maskedReader, projections });
    for (const { index } of replay.lines) {
      const view = await replay.view(index);
      for (const pane of panes) {
        const shown = { lines: replay.lines, view, changes: view.changes, masked: true };
        const { lines } = screen({ ...initialState(index), pane }, shown, { columns: 200, rows: 200 }, noPaint);
        expect(leaked(lines.join('\n'))).toEqual([]);
      }
    }
  });

  it('opens it only after the reading was recorded, sealed like the words themselves', async () => {
    const reason = 'The citizen rang about the letter';
    const { out, exit } = await run(sessionId, { at: '#9', unmask: true, reason, officer: 'staff-7', json: true });
    expect(exit).toBe(0);
    const [first] = talk.events.flatMap(({ event }) => (event.type === 'UserMessageReceived' ? [event.data.text] : []));
    expect(out).toContain(JSON.stringify(first).slice(1, 40));
    const last = (await everything()).at(-1)!;
    expect(last).toMatchObject({ type: 'PersonalDataUnmasked', meta: { actor: { kind: 'officer', id: 'staff-7' } } });
    expect(JSON.stringify(last.data)).not.toContain('letter');
    expect((await log.open(last)).data).toEqual({ tool: 'replay', reason });
  });

  it('never shows the access key, not even in the clear', async () => {
    const reason = 'The citizen rang about the letter';
    const { out } = await run(sessionId, { unmask: true, reason, officer: 'staff-7', json: true });
    expect(out).not.toContain('ABCD-EFGH-JKMN-PQRS');
    expect(out).not.toContain(submitted.accessKeyHash);
  });

  it.each([
    [{ unmask: true }, /--unmask needs --reason/],
    [{ unmask: true, reason: 'because', officer: 'staff-7' }, /Say why/],
    [{ reason: 'The citizen rang about it' }, /--reason is for --unmask/],
    [{ diff: ['1'] }, /--diff takes two moments/],
    [{ at: 'yesterday' }, /is no moment/],
    [{ at: '0' }, /had not begun/],
    [{ at: '#9999' }, /There is no step #9999: this story has \d+\./],
    [{ at: '999999999' }, /The log ends at position \d+: .* \(position_beyond_end\)/],
    [{ diff: ['0', '999999999'] }, /\(position_beyond_end\)/],
  ])('asks for what is missing and shows nothing: %j', async (options, expected) => {
    const { exit, out, err } = await run(sessionId, options);
    expect(exit).not.toBe(0);
    expect(out).toBe('');
    expect(err).toMatch(expected);
  });
});
