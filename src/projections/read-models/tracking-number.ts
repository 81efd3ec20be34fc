import type { CaseMoved, closeReasons, CaseState } from '../../events/catalogue/complaint.js';
import type { EventOf } from '../../events/define-event.js';
import type { EventMeta } from '../../events/envelope.js';
import { integer, nullable, oneOf, text, time, type RowOf } from '../columns.js';
import { defineProjection } from '../projection.js';
import { byComplaint, sessionOf } from './keys.js';

type CloseReason = (typeof closeReasons)[number];

/** States after which the citizen may dispute; the time for it runs from the first of them. */
const closedStates: ReadonlySet<CaseState> = new Set(['resolved', 'closed', 'not_admissible']);

const columns = {
  complaint_id: text,
  session_id: text,
  /** HMAC of the number. */
  lookup: text,
  state: oneOf<CaseState>(),
  /** When this state was entered. */
  since: time,
  /** When anything last changed that the public status shows. */
  changed_at: time,
  due_at: nullable(time),
  close_reason: nullable(oneOf<CloseReason>()),
  closed_at: nullable(time),
  /** When the letter went out that the institution has not answered, and how often it was reminded of it. */
  institution_asked_at: nullable(time),
  reminders: integer,
  filed_at: time,
  /** Sealed. */
  tracking_number: nullable(text),
  access_key_hash: nullable(text),
};
export type TrackingNumberRow = RowOf<typeof columns>;

const received = (
  row: Pick<TrackingNumberRow, 'complaint_id' | 'session_id' | 'lookup' | 'tracking_number' | 'access_key_hash'>,
  filedAt: string,
): TrackingNumberRow => ({
  ...row,
  state: 'received',
  since: filedAt,
  changed_at: filedAt,
  due_at: null,
  close_reason: null,
  closed_at: null,
  institution_asked_at: null,
  reminders: 0,
  filed_at: filedAt,
});

/** Milliseconds, whatever precision the date came in: what the database gives back. */
const exact = (time: string): string => new Date(time).toISOString();

type Moved = EventOf<typeof CaseMoved>['data'];

function moved(row: TrackingNumberRow, { to, reason, dueAt }: Moved, at: string): Partial<TrackingNumberRow> {
  const waits = to === 'institution_asked' || to === 'institution_overdue';
  return {
    state: to,
    since: at,
    due_at: dueAt === undefined ? null : exact(dueAt),
    close_reason: reason ?? null,
    closed_at: closedStates.has(to) ? (row.closed_at ?? at) : null,
    institution_asked_at: to === 'institution_asked' ? at : waits ? row.institution_asked_at : null,
    reminders: to === 'institution_overdue' ? row.reminders : 0,
  };
}

/** The row after an event of a case that is known; any other event changes nothing. An erased case stays erased. */
const change =
  <E extends { readonly meta: EventMeta }>(how: (row: TrackingNumberRow, event: E) => Partial<TrackingNumberRow>) =>
  (row: TrackingNumberRow | null, event: E): TrackingNumberRow | null =>
    row === null || row.state === 'erased' ? row : { ...row, changed_at: event.meta.occurredAt, ...how(row, event) };

/** What becomes of a filed complaint, found by the lookup key of its number: one row per complaint. */
export const trackingNumber = defineProjection({
  name: 'tracking-number',
  version: 1,
  table: {
    columns,
    key: ['complaint_id'],
    indexes: [{ columns: ['lookup'], unique: true }, { columns: ['session_id'] }],
  },
  on: {
    // Received from the moment of filing, before the office has opened the case.
    ComplaintSubmitted: {
      key: ({ data }) => ({ complaint_id: data.complaintId }),
      apply: (row, event) => {
        const { complaintId, trackingLookup, trackingNumber: number, accessKeyHash } = event.data;
        // Always the first in practice; were it not, the case would keep where it is.
        return (
          row ??
          received(
            {
              complaint_id: complaintId,
              session_id: sessionOf(event),
              lookup: trackingLookup,
              tracking_number: number,
              access_key_hash: accessKeyHash,
            },
            event.meta.occurredAt,
          )
        );
      },
    },
    // Changes nothing for the citizen, except where a case was imported without a conversation.
    CaseOpened: {
      key: byComplaint,
      apply: (row, { data }) =>
        row ??
        received(
          {
            complaint_id: data.complaintId,
            session_id: data.sessionId,
            lookup: data.trackingLookup,
            tracking_number: null,
            access_key_hash: null,
          },
          exact(data.filedAt),
        ),
    },
    CaseMoved: { key: byComplaint, apply: change((row, { data, meta }) => moved(row, data, meta.occurredAt)) },
    InstitutionReminded: { key: byComplaint, apply: change((_row, { data }) => ({ reminders: data.reminder })) },
    CitizenAnswered: { key: byComplaint, apply: change(() => ({})) },
    OfficeWroteToCitizen: { key: byComplaint, apply: change(() => ({})) },
    CaseDisputed: { key: byComplaint, apply: change(() => ({})) },
  },
  onMany: {
    PersonalDataErased: {
      column: 'session_id',
      value: (event) => (event.data.classes.includes('content') ? sessionOf(event) : null),
      apply: (row, { meta }) => ({
        ...received(row, row.filed_at),
        state: 'erased',
        since: meta.occurredAt,
        changed_at: meta.occurredAt,
        tracking_number: null,
        access_key_hash: null,
      }),
    },
  },
});
