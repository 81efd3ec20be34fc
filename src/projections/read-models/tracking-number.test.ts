import { describe, it } from 'vitest';
import { event, given } from '../../../test/support/given-projection.js';
import { sealed, timeOf, uuid } from '../../../test/support/projection-events.js';
import type { CaseState } from '../../events/catalogue/complaint.js';
import type { PersonalClass } from '../../events/personal.js';
import { trackingNumber } from './tracking-number.js';

const complaintId = uuid(77);
const complaint = `complaint-${complaintId}`;

const filed = given(
  trackingNumber,
  event('session-a', 'ComplaintSubmitted', {
    complaintId,
    trackingNumber: sealed('OMB'),
    trackingLookup: 'lookup',
    accessKeyHash: 'hash',
  }),
);
const opened = event(complaint, 'CaseOpened', {
  complaintId,
  sessionId: 'a',
  trackingLookup: 'lookup',
  filedAt: '2025-06-05T23:59:59Z',
});
const moved = (to: CaseState, more: { readonly dueAt?: string; readonly reason?: 'mediated' } = {}) =>
  event(complaint, 'CaseMoved', { to, ...more });
const erased = (session: string, ...classes: PersonalClass[]) => event(session, 'PersonalDataErased', { classes });

describe('tracking-number', () => {
  it('says Received from the moment of filing, before the office has opened a case', async () => {
    await filed.thenRows([
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
    await filed.when(opened).thenNothing();
  });

  it('knows an imported case, which has no access key', async () => {
    await given(trackingNumber, opened).thenRows([
      { state: 'received', filed_at: '2025-06-05T23:59:59.000Z', access_key_hash: null, lookup: 'lookup' },
    ]);
  });

  it('follows the case, with the day by which something must happen', async () => {
    await filed
      .when(moved('screening', { dueAt: '2026-02-03T08:00:00Z' }))
      .thenRows([{ state: 'screening', due_at: '2026-02-03T08:00:00.000Z', changed_at: timeOf(2), since: timeOf(2) }]);
  });

  it('counts reminders of a letter until the case moves on', async () => {
    const reminded = event(complaint, 'InstitutionReminded', { reminder: 2 });
    const overdue = filed.when(moved('institution_asked'), reminded, moved('institution_overdue'));
    await overdue.thenRows([{ state: 'institution_overdue', reminders: 2, institution_asked_at: timeOf(2) }]);
    await overdue.when(moved('mediation')).thenRows([{ reminders: 0, institution_asked_at: null }]);
  });

  it('keeps why a case was closed, until it is opened again', async () => {
    const closed = filed.when(moved('closed', { reason: 'mediated' }));
    await closed.thenRows([{ state: 'closed', close_reason: 'mediated', closed_at: timeOf(2) }]);
    await closed
      .when(event(complaint, 'CaseDisputed'), moved('reopened'))
      .thenRows([{ state: 'reopened', close_reason: null, closed_at: null }]);
  });

  it('erases every complaint of the session with the content, and stays erased', async () => {
    await filed
      .when(erased('session-a', 'content'), moved('screening'))
      .thenRows([{ state: 'erased', tracking_number: null, access_key_hash: null }]);
  });

  it('is not touched when only another class of data, or another session, is erased', async () => {
    await filed.when(erased('session-a', 'handover', 'identity'), erased('session-b', 'content')).thenNothing();
  });
});
