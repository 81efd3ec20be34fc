import { describe, it } from 'vitest';
import { createStory, sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import { givenEvents } from '../../../test/support/projection-harness.js';
import { trackingNumber } from './tracking-number.js';

const complaintId = uuid(77);
const complaint = `complaint-${complaintId}`;

const filed = () => {
  const story = createStory();
  story.add('session-a', 'ComplaintSubmitted', {
    complaintId,
    trackingNumber: sealed('OMB'),
    trackingLookup: 'lookup',
    accessKeyHash: 'hash',
    confirmedBy: uuid(2),
    standing: 'informant',
    identityMode: 'anonymous',
    category: null,
    institution: null,
    evidenceIds: [],
  });
  return story;
};
const opened = {
  complaintId,
  sessionId: 'a',
  trackingLookup: 'lookup',
  standing: 'informant',
  category: null,
  institution: null,
  filedAt: '2025-06-05T23:59:59Z',
} as const;

describe('tracking-number', () => {
  it('says Received from the moment of filing, before the office has opened a case', async () => {
    await givenEvents(trackingNumber, filed().events).thenRows([
      {
        complaint_id: complaintId,
        session_id: 'a',
        lookup: 'lookup',
        state: 'received',
        filed_at: timeOf(1),
        access_key_hash: 'hash',
        tracking_number: sealed('OMB'),
      },
    ]);
  });

  it('keeps the access key when the case is opened', async () => {
    const story = filed();
    story.add(complaint, 'CaseOpened', opened);
    await givenEvents(trackingNumber, story.events).thenRows([{ access_key_hash: 'hash', filed_at: timeOf(1) }]);
  });

  it('knows an imported case, which has no access key', async () => {
    const story = createStory();
    story.add(complaint, 'CaseOpened', opened);
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'received', filed_at: '2025-06-05T23:59:59.000Z', access_key_hash: null, lookup: 'lookup' },
    ]);
  });

  it('follows the case, with the day by which something must happen', async () => {
    const story = filed();
    story.add(complaint, 'CaseMoved', { from: 'received', to: 'screening', dueAt: '2026-02-03T08:00:00Z' });
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'screening', due_at: '2026-02-03T08:00:00.000Z', changed_at: timeOf(2), since: timeOf(2) },
    ]);
  });

  it('counts reminders of a letter until the case moves on', async () => {
    const story = filed();
    story.add(complaint, 'CaseMoved', { from: 'under_review', to: 'institution_asked' });
    story.add(complaint, 'InstitutionReminded', { reminder: 2 });
    story.add(complaint, 'CaseMoved', { from: 'institution_asked', to: 'institution_overdue' });
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'institution_overdue', reminders: 2, institution_asked_at: timeOf(2) },
    ]);
    story.add(complaint, 'CaseMoved', { from: 'institution_overdue', to: 'mediation' });
    await givenEvents(trackingNumber, story.events).thenRows([{ reminders: 0, institution_asked_at: null }]);
  });

  it('keeps why a case was closed, until it is opened again', async () => {
    const story = filed();
    story.add(complaint, 'CaseMoved', { from: 'mediation', to: 'closed', reason: 'mediated' });
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'closed', close_reason: 'mediated', closed_at: timeOf(2) },
    ]);
    story.add(complaint, 'CaseDisputed', { text: sealed('no') });
    story.add(complaint, 'CaseMoved', { from: 'closed', to: 'reopened' });
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'reopened', close_reason: null, closed_at: null },
    ]);
  });

  it('erases every complaint of the session with the content, and stays erased', async () => {
    const story = filed();
    story.add('session-a', 'PersonalDataErased', { classes: ['content'], reason: 'asked' });
    story.add(complaint, 'CaseMoved', { from: 'received', to: 'screening' });
    await givenEvents(trackingNumber, story.events).thenRows([
      { state: 'erased', tracking_number: null, access_key_hash: null },
    ]);
  });

  it('is not touched when only another class of data, or another session, is erased', async () => {
    const story = filed();
    story.add('session-a', 'PersonalDataErased', { classes: ['handover', 'identity'], reason: 'time' });
    story.add('session-b', 'PersonalDataErased', { classes: ['content'], reason: 'asked' });
    await givenEvents(trackingNumber, story.events).thenRows([{ state: 'received', access_key_hash: 'hash' }]);
  });
});
