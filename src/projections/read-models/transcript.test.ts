import { describe, it } from 'vitest';
import { event, given } from '../../../test/support/given-projection.js';
import { sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { ERASED, type PersonalClass } from '../../events/personal.js';
import { transcript } from './transcript.js';

describe('transcript', () => {
  it('holds what was said on both sides, in order, with what a reply answers', async () => {
    const quickReplies = [{ label: 'File', send: 'file' }];
    const reply = { answers: uuid(50), text: sealed('hi'), onceText: sealed('key'), quickReplies };
    await given(
      transcript,
      event('session-a', 'UserMessageReceived', { text: sealed('hello') }, { id: uuid(50) }),
      event('session-a', 'AgentReplied', reply),
    ).thenRows([
      { revision: 0, kind: 'citizen', content: sealed('hello'), event_id: uuid(50), at: timeOf(1), position: 1n },
      { revision: 1, kind: 'agent', answers: uuid(50), once: sealed('key'), quick_replies: quickReplies },
    ]);
  });

  it('keeps files by the id that the message names, with sealed names', async () => {
    const file = { evidenceId: uuid(9), name: sealed('letter.pdf'), mimeType: 'application/pdf', sizeBytes: 12 };
    await given(
      transcript,
      event('session-a', 'EvidenceUploaded', file),
      event('session-a', 'UserMessageReceived', { evidenceIds: [uuid(9)] }),
    ).thenRows([{ kind: 'file', file }, { evidence_ids: [uuid(9)] }]);
  });

  it('tells that a file was taken back, and still shows what was sent', async () => {
    const file = { evidenceId: uuid(9), name: sealed('letter.pdf'), mimeType: 'application/pdf', sizeBytes: 12 };
    await given(
      transcript,
      event('session-a', 'EvidenceUploaded', file),
      event('session-a', 'EvidenceWithdrawn', { evidenceId: uuid(9) }),
    ).thenRows([
      { kind: 'file', file },
      { kind: 'notice', notice: 'file_withdrawn', evidence_ids: [uuid(9)] },
    ]);
  });

  it('shows officers, and when they come and go', async () => {
    await given(
      transcript,
      event('session-a', 'HumanRequested'),
      event('session-a', 'HumanJoined'),
      event('session-a', 'OfficerReplied', { text: sealed('good day') }),
      event('session-a', 'HumanLeft'),
    ).thenRows([
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
    const file = { evidenceId: uuid(9), name: sealed('a.jpg'), mimeType: 'image/jpeg', sizeBytes: 12 };
    const told = ['session-a', 'session-b'].flatMap((stream) => [
      event(stream, 'AgentReplied', { text: sealed('hello'), onceText: sealed('key') }),
      event(stream, 'EvidenceUploaded', file),
    ]);
    const rest = { session_id: 'b' };
    await given(transcript, ...told)
      .when(event('session-a', 'PersonalDataErased', { classes: [erased] }))
      .thenRows([
        { kind: 'agent', ...reply },
        { kind: 'file', file: { ...file, name } },
        { kind: 'agent', ...rest, content: sealed('hello'), once: sealed('key') },
        { kind: 'file', ...rest },
      ]);
  });

  it('leaves out what the citizen did not see', async () => {
    await given(
      transcript,
      event('session-a', 'DetailsRecorded', { details: { description: sealed('d') } }),
      event('session-a', 'AnswersShown'),
    ).thenRows([]);
  });
});
