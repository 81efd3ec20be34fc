import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOfType, recordedAt, started, story, storyId, storyTypes } from '../../test/support/session-story.js';
import type { AnyRecorded, DomainEvent } from '../events/catalogue/index.js';
import { v1DurableSchema, type V1DurableFrame } from './protocol/v1-server-frames.js';
import { emptyFold, foldFrame, type FrameFold } from './session-frames.js';

const source = { sessionId: 'S', epoch: '0123456789ab' };

const foldAll = (events: readonly AnyRecorded[], from: FrameFold = emptyFold) => {
  let fold = from;
  const frames: V1DurableFrame[] = [];
  for (const event of events) {
    const [next, frame] = foldFrame(fold, event, source);
    fold = next;
    if (frame !== null) frames.push(frame);
  }
  return { fold, frames };
};
const tell = (...events: DomainEvent[]) =>
  foldAll([started, ...events].map((event, revision) => recordedAt(event, revision))).frames;
const last = (...events: DomainEvent[]) => tell(...events).at(-1);

const seeded = { seed: 20_261_124, numRuns: 200 };

describe('durable frames', () => {
  it.each(storyTypes)('%s makes at most one frame, of the announced form', (type) => {
    fc.assert(
      fc.property(eventOfType(type), (event) => {
        const frames = tell(event);
        expect(frames.length).toBeLessThanOrEqual(2);
        for (const frame of frames) v1DurableSchema.parse(frame);
      }),
      { ...seeded, numRuns: 20 },
    );
  });

  it('form one chain: each names the one before it, the first names none', () => {
    fc.assert(
      fc.property(story(), (events) => {
        const { frames } = foldAll(events);
        expect(frames.map(({ prev }) => prev)).toEqual([null, ...frames.slice(0, -1).map(({ position }) => position)]);
      }),
      seeded,
    );
  });

  it('are the same when folding goes on from any point in between', () => {
    fc.assert(
      fc.property(story(), fc.nat(), (events, n) => {
        const cut = n % (events.length + 1);
        const first = foldAll(events.slice(0, cut));
        const rest = foldAll(events.slice(cut), first.fold);
        expect([...first.frames, ...rest.frames]).toEqual(foldAll(events).frames);
      }),
      seeded,
    );
  });

  it('begin with the state of the conversation, so that there is a position from the start', () => {
    expect(tell()).toEqual([
      {
        type: 'status',
        id: storyId('event/0'),
        position: '0123456789ab.0',
        prev: null,
        at: '2023-11-14T22:13:20.000Z',
        data: { sessionId: 'S', state: 'greeting', trackingNumber: null, language: 'en', assistance: 'bot' },
      },
    ]);
  });

  it('show a message of the citizen with its own id and its files', () => {
    const file = { name: 'a.jpg', mimeType: 'image/jpeg', sizeBytes: 3, sha256: 'ab'.repeat(32) };
    const evidenceId = storyId('file/1');
    const said = { text: 'See this', evidenceIds: [evidenceId], clientMessageId: 'c-1' };
    expect(
      last({ type: 'EvidenceUploaded', data: { evidenceId, ...file } }, { type: 'UserMessageReceived', data: said }),
    ).toMatchObject({
      type: 'message',
      data: {
        message: 'See this',
        role: 'citizen',
        clientId: 'c-1',
        media: [{ uploadId: evidenceId, name: 'a.jpg', type: 'image/jpeg', size: 3 }],
      },
    });
  });

  it('show a reply with the id that its deltas had, what it answers, and the secret at its end', () => {
    const asked: DomainEvent = {
      type: 'UserMessageReceived',
      data: { text: 'yes', evidenceIds: [], clientMessageId: 'c-9' },
    };
    const data = {
      ...{ answers: storyId('event/1'), text: 'Filed.', onceText: 'KEY', quickReplies: [] },
      agent: { name: 'guided', version: '1', latencyMs: 1 },
    };
    expect(last(asked, { type: 'AgentReplied', data })).toMatchObject({
      data: { role: 'agent', message: 'Filed.\n\nKEY', replyId: storyId('event/2'), inReplyTo: 'c-9' },
    });
  });

  it('tell of a failed and of a stopped answer in words and by code', () => {
    const failed = (code: string) => last({ type: 'TurnFailed', data: { answers: storyId('message/0'), code } });
    expect(failed('agent_failed')).toMatchObject({ data: { role: 'system', code: 'agent_unavailable' } });
    expect(failed('cancelled')).toMatchObject({ data: { role: 'system', code: 'reply_cancelled' } });
  });

  it('tell whether an officer is there', () => {
    expect(last({ type: 'HumanJoined', data: {} })).toMatchObject({ type: 'status', data: { assistance: 'human' } });
  });

  it('keep nothing readable of what was erased', () => {
    const evidenceId = storyId('file/1');
    const file = { name: 'secret.jpg', mimeType: 'image/jpeg', sizeBytes: 3, sha256: 'ab'.repeat(32) };
    const frames = tell(
      { type: 'EvidenceUploaded', data: { evidenceId, ...file } },
      { type: 'PersonalDataErased', data: { classes: ['evidence'], reason: 'asked' } },
      { type: 'UserMessageReceived', data: { text: 'x', evidenceIds: [evidenceId] } },
    );
    expect(JSON.stringify(frames)).not.toContain('secret.jpg');
    expect(frames[1]).toMatchObject({ data: { erased: ['evidence'] } });
  });
});
