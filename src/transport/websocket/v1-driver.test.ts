import { describe, expect, it } from 'vitest';
import { recordedAt, started, storyId } from '../../../test/support/session-story.js';
import { epoch, position, v1Settings } from '../../../test/support/v1-machine.js';
import type { AnyRecorded, DomainEvent } from '../../events/catalogue/index.js';
import { noMetrics } from '../../platform/metrics.js';
import { createFrameCheckpoints } from '../frame-checkpoints.js';
import type { SessionListener } from '../hub.js';
import { ok } from '../protocol/result.js';
import { createRunningReplies } from '../running-replies.js';
import { emptyFold, foldFrame } from '../session-frames.js';
import { createSessionRegistry } from '../session-registry.js';
import type { V1Service } from '../v1-service.js';
import type { Connection } from './connection-driver.js';
import { v1Connection } from './v1-connection.js';
import { driveV1 } from './v1-driver.js';

const log = (...events: DomainEvent[]): AnyRecorded[] =>
  [started, ...events].map((event, revision) => recordedAt(event, revision));

const drive = () => {
  const sent: { readonly type: string; readonly position?: string }[] = [];
  const joined: ({ readonly afterRevision: number } & SessionListener)[] = [];
  const posted: { readonly id: string; readonly finish: () => void }[] = [];
  let left = 0;
  const checkpoints = createFrameCheckpoints();
  const registry = createSessionRegistry<Connection>(null);
  const service: V1Service = {
    epoch,
    verify: () => Promise.resolve(ok('S')),
    placeOf: (place) => (place === null ? null : Number(place.split('.')[1])),
    post: (_sessionId, { id }) =>
      new Promise((resolve) => {
        const finish = (): void => resolve(ok({ messageId: storyId(id), revision: 1, duplicate: false }));
        posted.push({ id, finish });
      }),
    isPending: () => false,
    history: () => Promise.resolve(ok({ items: [], complete: true })),
    read: () => undefined,
    cancel: () => ok(null),
    takeToken: () => ({ ok: true }),
    hub: {
      join: (_sessionId, listener) => {
        joined.push(listener);
        return () => void (left += 1);
      },
    },
    checkpoints,
    replies: createRunningReplies(),
    report: () => 'ref',
    metrics: noMetrics,
  };
  const connection = driveV1(
    {
      ...{ service, registry, limits: v1Settings, now: () => 1_700_000_060_000, chance: () => 0.5 },
      address: '192.0.2.1',
      debug: Object.assign(() => undefined, { enabled: false }),
    },
    v1Connection(v1Settings),
    {
      send: (text) => sent.push(JSON.parse(text) as (typeof sent)[number]),
      ping: () => undefined,
      close: () => undefined,
      terminate: () => undefined,
      bufferedBytes: () => 0,
    },
    { offeredToken: null, answersPings: true },
  );
  const hello = async (resume: string | null): Promise<void> => {
    const data = { token: 't', resume: resume === null ? null : { position: resume } };
    connection.text(JSON.stringify({ type: 'hello', data }));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const give = (at: number, events: readonly AnyRecorded[]): void => {
    const listener = joined[at];
    listener?.onEvents(events.filter(({ meta }) => meta.revision > listener.afterRevision));
    listener?.onCaughtUp?.();
  };
  return { connection, sent, joined, posted, registry, checkpoints, hello, give, left: () => left };
};

describe('a driven connection', () => {
  it('begins at a fold in memory when there is one before the place that the client names', async () => {
    const events = log(
      { type: 'OfficerReplied', data: { text: 'a' } },
      { type: 'OfficerReplied', data: { text: 'b' } },
    );
    const driven = drive();
    const fold = events.slice(0, 2).reduce((f, event) => foldFrame(f, event, { sessionId: 'S', epoch })[0], emptyFold);
    driven.checkpoints.save('S', fold);
    await driven.hello(position(1));
    expect(driven.joined.map(({ afterRevision }) => afterRevision)).toEqual([1]);
    driven.give(0, events);
    expect(driven.sent.map(({ type }) => type)).toEqual(['welcome', 'message']);
    driven.connection.closed();
  });

  it('reads all again when something was erased meanwhile: what was read before may not be shown', async () => {
    const file = { name: 'secret.jpg', mimeType: 'image/jpeg', sizeBytes: 1, sha256: 'ab'.repeat(32) };
    const evidenceId = storyId('file/1');
    const before = log(
      { type: 'EvidenceUploaded', data: { evidenceId, ...file } },
      { type: 'OfficerReplied', data: { text: 'x' } },
    );
    const later: DomainEvent[] = [
      { type: 'UserMessageReceived', data: { text: 'y', evidenceIds: [evidenceId] } },
      { type: 'PersonalDataErased', data: { classes: ['evidence'], reason: 'asked' } },
    ];
    const driven = drive();
    const fold = before.reduce((f, event) => foldFrame(f, event, { sessionId: 'S', epoch })[0], emptyFold);
    driven.checkpoints.save('S', fold);
    await driven.hello(position(2));
    const rest = later.map((event, at) => recordedAt(event, 3 + at));
    driven.joined[0]?.onEvents(rest);
    expect(driven.joined.map(({ afterRevision }) => afterRevision)).toEqual([2, -1]);
    const erased = before.map((event) =>
      event.type === 'EvidenceUploaded' ? { ...event, data: { ...event.data, name: '[erased]' } } : event,
    );
    driven.give(1, [...erased, ...rest]);
    expect(JSON.stringify(driven.sent)).not.toContain('secret.jpg');
    expect(driven.sent.map(({ type }) => type)).toEqual(['welcome', 'message', 'status', 'typing']);
    driven.connection.closed();
  });

  it('posts messages one after the other', async () => {
    const driven = drive();
    await driven.hello(null);
    driven.give(0, log());
    for (const id of ['c-1', 'c-2'])
      driven.connection.text(JSON.stringify({ type: 'message', id, data: { message: 'x' } }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(driven.posted.map(({ id }) => id)).toEqual(['c-1']);
    driven.posted[0]?.finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(driven.posted.map(({ id }) => id)).toEqual(['c-1', 'c-2']);
    expect(driven.sent.map(({ type }) => type)).toContain('ack');
    driven.connection.closed();
  });

  it('leaves nothing behind when it is closed, also while its token is being checked', async () => {
    const driven = drive();
    await driven.hello(null);
    expect(driven.registry.all()).toHaveLength(1);
    driven.connection.closed();
    expect([driven.registry.all().length, driven.left()]).toEqual([0, 1]);
    const early = drive();
    const greeting = early.hello(null);
    early.connection.closed();
    await greeting;
    expect([early.registry.all().length, early.joined.length]).toEqual([0, 0]);
  });
});
