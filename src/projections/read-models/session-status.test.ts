import { describe, it } from 'vitest';
import { event, given } from '../../../test/support/given-projection.js';
import { sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { sessionStatus } from './session-status.js';

const started = event('session-a', 'SessionStarted');
const says = event('session-a', 'UserMessageReceived');
const submitted = event('session-a', 'ComplaintSubmitted', { complaintId: uuid(77), trackingNumber: sealed('OMB') });
const begun = given(sessionStatus, started);
const untold = { described: false, written: false, voiceNotes: [] as readonly string[] };
const nothing = { ...untold, evidence: false, classified: false, identified: false, filed: false };
const voiceNote = (n: number) => event('session-a', 'EvidenceUploaded', { evidenceId: uuid(n), mimeType: 'audio/ogg' });
const takenBack = (n: number) => event('session-a', 'EvidenceWithdrawn', { evidenceId: uuid(n) });
const described = event('session-a', 'DetailsRecorded', { details: { description: sealed('d') } });

describe('session-status', () => {
  it('begins in the greeting with nothing settled', async () => {
    await begun.thenRows([
      { session_id: 'a', state: 'greeting', citizen_messages: 0, replies: 0, started_at: timeOf(1) },
    ]);
  });

  it('counts messages of both sides and knows when something last happened', async () => {
    await begun
      .when(says, event('session-a', 'AgentReplied'))
      .thenRows([{ citizen_messages: 1, replies: 1, last_activity: timeOf(3) }]);
  });

  it('keeps sessions apart', async () => {
    await begun
      .when(
        event('session-b', 'SessionStarted', { language: 'kri' }),
        event('session-b', 'SessionStateChanged', { from: 'greeting', to: 'tracking' }),
      )
      .thenRows([
        { session_id: 'a', state: 'greeting', language: 'en' },
        { session_id: 'b', state: 'tracking', language: 'kri' },
      ]);
  });

  it('takes a voice note for the description', async () => {
    await begun.when(voiceNote(5)).thenRows([{ facts: { ...nothing, described: true, voiceNotes: [uuid(5)] } }]);
  });

  it('misses the description again when the voice note that stood for it is taken back', async () => {
    await begun.when(voiceNote(5), takenBack(5)).thenRows([{ facts: nothing, last_activity: timeOf(3) }]);
  });

  it('keeps the description while another voice note tells it', async () => {
    await begun
      .when(voiceNote(5), voiceNote(6), takenBack(5))
      .thenRows([{ facts: { ...nothing, described: true, voiceNotes: [uuid(6)] } }]);
  });

  it('keeps the description that was written when a voice note is taken back', async () => {
    await begun
      .when(voiceNote(5), described, takenBack(5))
      .thenRows([{ facts: { ...nothing, described: true, written: true } }]);
  });

  it('takes a voice note that comes once more after it was taken back', async () => {
    await begun
      .when(voiceNote(5), takenBack(5), voiceNote(5))
      .thenRows([{ facts: { ...nothing, described: true, voiceNotes: [uuid(5)] } }]);
  });

  it('counts a proposed classification as open until the citizen settles it', async () => {
    await begun
      .when(
        event('session-a', 'ComplaintClassified', { by: 'citizen', outcome: 'accepted' }),
        event('session-a', 'ComplaintClassified', { by: 'agent', outcome: 'proposed' }),
      )
      .thenRows([{ facts: nothing }]);
  });

  it('keeps the sealed number of the filed complaint, and forgets it when the content is erased', async () => {
    const filed = begun.when(submitted);
    await filed.thenRows([{ tracking_number: sealed('OMB'), complaint_id: uuid(77) }]);
    await filed.when(event('session-a', 'PersonalDataErased', { classes: ['handover'] })).thenNothing();
    await filed
      .when(event('session-a', 'PersonalDataErased', { classes: ['content'] }))
      .thenRows([{ tracking_number: null, last_activity: timeOf(2) }]);
  });

  it('starts again with nothing settled and no number', async () => {
    await begun
      .when(submitted, event('session-a', 'SessionRestarted'))
      .thenRows([{ tracking_number: null, complaint_id: null, facts: nothing }]);
  });

  it('knows who assists', async () => {
    const asked = begun.when(event('session-a', 'HumanRequested'));
    await asked.thenRows([{ assistance: 'waiting_human' }]);
    const joined = asked.when(event('session-a', 'HumanJoined'));
    await joined.thenRows([{ assistance: 'human' }]);
    await joined.when(event('session-a', 'HumanLeft')).thenRows([{ assistance: 'bot' }]);
  });

  it('makes no row of a session that never started', async () => {
    await given(sessionStatus, says).thenRows([]);
  });
});
