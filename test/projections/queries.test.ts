import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventDefinitions, type AnyRecorded, type DomainEvent } from '../../src/events/catalogue/index.js';
import { createCodec } from '../../src/events/codec.js';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { ERASED } from '../../src/events/personal.js';
import { fixedClock } from '../../src/platform/clock.js';
import { createQueries, type Queries } from '../../src/projections/queries/index.js';
import { projections } from '../../src/projections/read-models/index.js';
import type { RunningProjections } from '../../src/projections/start.js';
import type { TestDatabase } from '../support/database.js';
import { createMemoryLog } from '../support/memory-log.js';
import { projectionDatabase, start } from '../support/projection-database.js';
import { timeOf, uuid } from '../support/projection-events.js';

const agent = { name: 'guided', version: '1', latencyMs: 1 };

describe('the queries', () => {
  let database: TestDatabase;
  let running: RunningProjections;
  let queries: Queries;
  const clock = fixedClock(timeOf(0));
  let keys = createMemoryKeyStore();
  let codec = createCodec({ definitions: eventDefinitions, keys });
  let log = createMemoryLog();
  let revision = -1;

  /** Records events of the session `a`, sealed like the real ones, and waits until they are in the rows. */
  const record = async (...events: DomainEvent[]): Promise<string[]> => {
    const at = Number((await log.head()).position);
    const toAppend = events.map((event, i) => {
      const occurredAt = timeOf(at + i + 1);
      return { event, id: uuid(at + i + 1), occurredAt, actor: { kind: 'citizen' as const }, subject: 'a' };
    });
    const published = (await codec.encode(toAppend)).map((event, i): AnyRecorded => {
      revision += 1;
      const place = { stream: 'session-a', revision, position: BigInt(at + i + 1), recordedAt: event.occurredAt };
      return codec.decode({ ...event, ...place, previousHash: '', hash: '' });
    });
    log.publish(published);
    expect(await running.waitFor(BigInt(at + events.length), { timeoutMs: 20_000 })).toBe('reached');
    return toAppend.map(({ id }) => id);
  };
  const say = (text: string, evidenceIds: string[] = []): DomainEvent => ({
    type: 'UserMessageReceived',
    data: { text, evidenceIds },
  });
  const reply = (answers: string, text: string, onceText?: string): DomainEvent => ({
    type: 'AgentReplied',
    data: { answers, text, quickReplies: [], agent, ...(onceText === undefined ? {} : { onceText }) },
  });
  const begin: DomainEvent = {
    type: 'SessionStarted',
    data: { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' },
  };
  const submitted = (confirmedBy: string): DomainEvent => ({
    type: 'ComplaintSubmitted',
    data: {
      complaintId: uuid(77),
      trackingNumber: 'OMB-7K3D-9QWX-2FHT',
      trackingLookup: 'lookup',
      accessKeyHash: 'hash',
      confirmedBy,
      standing: 'informant',
      identityMode: 'anonymous',
      category: null,
      institution: null,
      evidenceIds: [],
    },
  });

  beforeEach(async () => {
    database = await projectionDatabase();
    log = createMemoryLog();
    keys = createMemoryKeyStore();
    codec = createCodec({ definitions: eventDefinitions, keys });
    revision = -1;
    running = await start(database.pool, log, projections);
    queries = createQueries({ pool: database.createPool(), codec, log, abandonedAfterHours: 24, clock });
  });
  afterEach(async () => {
    await running.stop();
    await database.drop();
  });

  it('tell how a session stands, with its number opened', async () => {
    const [, message = ''] = await record(begin, say('hello'));
    await record(submitted(message), reply(message, 'Filed.'));
    clock.set(new Date(timeOf(5)));
    expect(await queries.sessionStatus('a')).toMatchObject({
      sessionId: 'a',
      state: 'greeting',
      messageCount: 2,
      citizenMessageCount: 1,
      completeness: 1,
      trackingNumber: 'OMB-7K3D-9QWX-2FHT',
      lastActivity: timeOf(4),
      liveness: 'active',
    });
    expect(await queries.sessionStatus('b')).toBeUndefined();
  });

  it('call a silent session idle, and abandoned after a day unless it came to an end', async () => {
    await record(begin, say('hello'));
    const livenessAt = async (minutes: number) => {
      clock.set(new Date(timeOf(2 + minutes)));
      return (await queries.sessionStatus('a'))?.liveness;
    };
    expect(await livenessAt(4)).toBe('active');
    expect(await livenessAt(6)).toBe('idle');
    expect(await livenessAt(24 * 60)).toBe('abandoned');
    await record({ type: 'SessionStateChanged', data: { from: 'greeting', to: 'completed' } });
    expect(await livenessAt(48 * 60)).toBe('idle');
  });

  it('give the transcript in order, opened, with files, what is answered, and the state of each line', async () => {
    const file = { evidenceId: uuid(9), name: 'letter.pdf', mimeType: 'application/pdf', sizeBytes: 12 };
    const uploaded: DomainEvent = { type: 'EvidenceUploaded', data: { ...file, sha256: 'a'.repeat(64) } };
    const [, , message = ''] = await record(begin, uploaded, say('Nobody answers my letters', [file.evidenceId]));
    const moved: DomainEvent = {
      type: 'SessionStateChanged',
      data: { from: 'greeting', to: 'evidence_upload' },
    };
    await record(moved, reply(message, 'Do you have a photo?', 'KEY'), {
      type: 'HumanRequested',
      data: { reason: 'asked' },
    });
    const lines = await queries.transcript('a', { limit: 100 });
    expect(lines).toMatchObject([
      { role: 'citizen', text: 'Nobody answers my letters', state: 'greeting', evidence: [file], messageId: message },
      { role: 'agent', text: 'Do you have a photo?', onceText: 'KEY', replyTo: message, state: 'evidence_upload' },
      { role: 'system', text: '', notice: 'human_requested' },
    ]);
    const [first, second] = lines;
    expect(await queries.transcript('a', { limit: 1 })).toEqual([first]);
    expect(await queries.transcript('a', { afterRevision: first!.revision, limit: 1 })).toEqual([second]);
    expect(await queries.transcript('b', { limit: 100 })).toEqual([]);
  });

  it('give what was erased as erased, and a secret for handing over not at all', async () => {
    const [, message = ''] = await record(begin, say('my name is known'));
    await record(submitted(message), reply(message, 'Filed.', 'KEY'));
    await keys.destroy('a', ['content', 'handover']);
    const lines = await queries.transcript('a', { limit: 100 });
    expect(lines.map(({ text, onceText }) => [text, onceText])).toEqual([
      [ERASED, null],
      [ERASED, null],
    ]);
    expect((await queries.sessionStatus('a'))?.trackingNumber).toBeNull();
  });

  it('find a complaint by its lookup key, and an erased one as little as an unknown one', async () => {
    const [, message = ''] = await record(begin, say('x'));
    await record(submitted(message));
    expect(await queries.trackingByLookup('lookup')).toEqual({
      complaintId: uuid(77),
      sessionId: 'a',
      state: 'received',
      since: timeOf(3),
      lastChangeAt: timeOf(3),
      dueAt: null,
      closeReason: null,
      closedAt: null,
      institutionAskedAt: null,
      reminders: 0,
      citizenMustAct: false,
      filedAt: timeOf(3),
      accessKeyHash: 'hash',
    });
    expect(await queries.trackingByLookup('unknown')).toBeUndefined();
    await record({ type: 'PersonalDataErased', data: { classes: ['content'], reason: 'citizen_request' } });
    expect(await queries.trackingByLookup('lookup')).toBeUndefined();
  });

  it('list messages that wait for an answer, those that waited long enough only', async () => {
    const [, one = ''] = await record(begin, say('one'));
    const [two = ''] = await record(say('two'));
    clock.set(new Date(timeOf(4)));
    const waiting = await queries.pendingTurns({ olderThanMs: 60_000, limit: 10 });
    expect(waiting).toEqual([
      { sessionId: 'a', messageId: one, revision: 1, receivedAt: timeOf(2) },
      { sessionId: 'a', messageId: two, revision: 2, receivedAt: timeOf(3) },
    ]);
    expect(await queries.pendingTurns({ olderThanMs: 90_000, limit: 10 })).toHaveLength(1);
    await record(reply(one, 'r'), reply(two, 'r'));
    expect(await queries.pendingTurns({ olderThanMs: 0, limit: 10 })).toEqual([]);
  });

  it('tell how far every projection is', async () => {
    await record(begin);
    const states = (await queries.projectionStatus()).map(({ name, state, head }) => [name, state, head]);
    expect(states).toEqual(projections.map(({ name }) => [name, 'running', 1n]).sort());
  });
});
