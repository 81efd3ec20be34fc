import { describe, it } from 'vitest';
import { createStory, sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { givenEvents } from '../../../test/support/projection-harness.js';
import { sessionStatus } from './session-status.js';

const started = { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' } as const;
const agent = { name: 'guided', version: '1', latencyMs: 1 };
const submitted = {
  complaintId: uuid(77),
  trackingNumber: sealed('OMB'),
  trackingLookup: 'lookup',
  accessKeyHash: 'hash',
  confirmedBy: uuid(2),
  standing: 'informant' as const,
  identityMode: 'anonymous' as const,
  category: null,
  institution: null,
  evidenceIds: [],
};

const begun = () => {
  const story = createStory();
  story.add('session-a', 'SessionStarted', started);
  return story;
};

describe('session-status', () => {
  it('begins in the greeting with nothing settled', async () => {
    await givenEvents(sessionStatus, begun().events).thenRows([
      { session_id: 'a', state: 'greeting', citizen_messages: 0, replies: 0, started_at: timeOf(1) },
    ]);
  });

  it('counts messages of both sides and knows when something last happened', async () => {
    const story = begun();
    const { meta } = story.add('session-a', 'UserMessageReceived', { text: sealed('hello'), evidenceIds: [] });
    story.add('session-a', 'AgentReplied', { answers: meta.id, text: sealed('hi'), quickReplies: [], agent });
    await givenEvents(sessionStatus, story.events).thenRows([
      { citizen_messages: 1, replies: 1, last_activity: timeOf(3) },
    ]);
  });

  it('keeps sessions apart', async () => {
    const story = begun();
    story.add('session-b', 'SessionStarted', { ...started, language: 'kri' });
    story.add('session-b', 'SessionStateChanged', { from: 'greeting', to: 'tracking' });
    await givenEvents(sessionStatus, story.events).thenRows([
      { session_id: 'a', state: 'greeting', language: 'en' },
      { session_id: 'b', state: 'tracking', language: 'kri' },
    ]);
  });

  it('takes a voice note for the description', async () => {
    const story = begun();
    const file = { name: sealed('n'), mimeType: 'audio/ogg', sizeBytes: 3, sha256: 'a'.repeat(64) };
    story.add('session-a', 'EvidenceUploaded', { evidenceId: uuid(9), ...file });
    await givenEvents(sessionStatus, story.events).thenRows([
      { facts: { described: true, evidence: false, classified: false, identified: false, filed: false } },
    ]);
  });

  it('counts a proposed classification as open until the citizen settles it', async () => {
    const story = begun();
    const proposal = { category: 'delay', institution: null, confidence: 0.5, taxonomyVersion: '1' };
    story.add('session-a', 'ComplaintClassified', { by: 'citizen', outcome: 'accepted', ...proposal });
    story.add('session-a', 'ComplaintClassified', { by: 'agent', outcome: 'proposed', ...proposal });
    await givenEvents(sessionStatus, story.events).thenRows([
      { facts: { described: false, evidence: false, classified: false, identified: false, filed: false } },
    ]);
  });

  it('keeps the sealed number of the filed complaint, and forgets it when the content is erased', async () => {
    const story = begun();
    story.add('session-a', 'ComplaintSubmitted', submitted);
    await givenEvents(sessionStatus, story.events).thenRows([
      { tracking_number: sealed('OMB'), complaint_id: uuid(77) },
    ]);
    story.add('session-a', 'PersonalDataErased', { classes: ['handover'], reason: 'time' });
    await givenEvents(sessionStatus, story.events).thenRows([{ tracking_number: sealed('OMB') }]);
    story.add('session-a', 'PersonalDataErased', { classes: ['content'], reason: 'asked' });
    await givenEvents(sessionStatus, story.events).thenRows([{ tracking_number: null, last_activity: timeOf(2) }]);
  });

  it('starts again with nothing settled and no number', async () => {
    const story = begun();
    story.add('session-a', 'ComplaintSubmitted', submitted);
    story.add('session-a', 'SessionRestarted', {});
    await givenEvents(sessionStatus, story.events).thenRows([
      {
        tracking_number: null,
        complaint_id: null,
        facts: { described: false, evidence: false, classified: false, identified: false, filed: false },
      },
    ]);
  });

  it('knows who assists', async () => {
    const story = begun();
    story.add('session-a', 'HumanRequested', { reason: 'asked' });
    await givenEvents(sessionStatus, story.events).thenRows([{ assistance: 'waiting_human' }]);
    story.add('session-a', 'HumanJoined', {});
    await givenEvents(sessionStatus, story.events).thenRows([{ assistance: 'human' }]);
    story.add('session-a', 'HumanLeft', {});
    await givenEvents(sessionStatus, story.events).thenRows([{ assistance: 'bot' }]);
  });

  it('makes no row of a session that never started', async () => {
    const story = createStory();
    story.add('session-a', 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] });
    await givenEvents(sessionStatus, story.events).thenRows([]);
  });
});
