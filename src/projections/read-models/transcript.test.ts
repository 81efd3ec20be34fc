import { describe, it } from 'vitest';
import { createStory, sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { givenEvents } from '../../../test/support/projection-harness.js';
import { ERASED, type PersonalClass } from '../../events/personal.js';
import { transcript } from './transcript.js';

const agent = { name: 'guided', version: '1', latencyMs: 1 };

describe('transcript', () => {
  it('holds what was said on both sides, in order, with what a reply answers', async () => {
    const story = createStory();
    story.add('session-a', 'UserMessageReceived', { text: sealed('hello'), evidenceIds: [] }, uuid(50));
    story.add('session-a', 'AgentReplied', {
      answers: uuid(50),
      text: sealed('hi'),
      onceText: sealed('key'),
      quickReplies: [{ label: 'File', send: 'file' }],
      agent,
    });
    await givenEvents(transcript, story.events).thenRows([
      { revision: 0, kind: 'citizen', content: sealed('hello'), event_id: uuid(50), at: timeOf(1), position: 1n },
      {
        revision: 1,
        kind: 'agent',
        answers: uuid(50),
        once: sealed('key'),
        quick_replies: [{ label: 'File', send: 'file' }],
      },
    ]);
  });

  it('keeps files by the id that the message names, with sealed names', async () => {
    const story = createStory();
    const file = { evidenceId: uuid(9), name: sealed('letter.pdf'), mimeType: 'application/pdf', sizeBytes: 12 };
    story.add('session-a', 'EvidenceUploaded', { ...file, sha256: 'a'.repeat(64) });
    story.add('session-a', 'UserMessageReceived', { text: sealed('see'), evidenceIds: [uuid(9)] });
    await givenEvents(transcript, story.events).thenRows([{ kind: 'file', file }, { evidence_ids: [uuid(9)] }]);
  });

  it('shows officers, and when they come and go', async () => {
    const story = createStory();
    story.add('session-a', 'HumanRequested', { reason: 'asked' });
    story.add('session-a', 'HumanJoined', {});
    story.add('session-a', 'OfficerReplied', { text: sealed('good day') });
    story.add('session-a', 'HumanLeft', {});
    await givenEvents(transcript, story.events).thenRows([
      { kind: 'notice', notice: 'human_requested' },
      { kind: 'notice', notice: 'human_joined' },
      { kind: 'officer', content: sealed('good day') },
      { kind: 'notice', notice: 'human_left' },
    ]);
  });

  it.each<[PersonalClass, object, string]>([
    ['content', { content: ERASED, once: sealed('key') }, sealed('a.jpg')],
    ['handover', { content: sealed('hello'), once: null }, sealed('a.jpg')],
    ['evidence', { content: sealed('hello'), once: sealed('key') }, ERASED],
    ['identity', { content: sealed('hello'), once: sealed('key') }, sealed('a.jpg')],
  ])('blanks what was erased of %s, in the lines of that session only', async (erased, reply, name) => {
    const story = createStory();
    const file = { evidenceId: uuid(9), mimeType: 'image/jpeg', sizeBytes: 12 };
    for (const stream of ['session-a', 'session-b']) {
      const said = { answers: uuid(1), text: sealed('hello'), onceText: sealed('key'), quickReplies: [], agent };
      story.add(stream, 'AgentReplied', said);
      story.add(stream, 'EvidenceUploaded', { ...file, name: sealed('a.jpg'), sha256: sealed('a') });
    }
    story.add('session-a', 'PersonalDataErased', { classes: [erased], reason: 'citizen_request' });
    const rest = { session_id: 'b' };
    await givenEvents(transcript, story.events).thenRows([
      { kind: 'agent', ...reply },
      { kind: 'file', file: { ...file, name } },
      { kind: 'agent', ...rest, content: sealed('hello'), once: sealed('key') },
      { kind: 'file', ...rest },
    ]);
  });

  it('leaves out what the citizen did not see', async () => {
    const story = createStory();
    story.add('session-a', 'DetailsRecorded', { details: { description: sealed('d') }, descriptionMode: 'replace' });
    story.add('session-a', 'AnswersShown', {});
    await givenEvents(transcript, story.events).thenRows([]);
  });
});
