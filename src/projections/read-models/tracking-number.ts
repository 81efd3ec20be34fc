import type { closeReasons, CaseState } from '../../events/catalogue/complaint.js';
import type { EventMeta } from '../../events/envelope.js';
import { boolean, integer, nullable, oneOf, text, type RowOf } from '../columns.js';
import { defineProjection } from '../projection.js';
import { byComplaint, sessionOf } from './keys.js';

type CloseReason = (typeof closeReasons)[number];

/** The day in UTC on which something happened. */
const dayOf = ({ meta }: { readonly meta: EventMeta }): string => meta.occurredAt.slice(0, 10);

const columns = {
  complaint_id: text,
  session_id: text,
  /** HMAC of the number. */
  lookup: text,
  case_state: oneOf<CaseState>(),
  /** The state whose public words are shown: like `case_state`, but an answered question is no question any more. */
  public_state: oneOf<CaseState>(),
  citizen_must_act: boolean,
  close_reason: nullable(oneOf<CloseReason>()),
  reminders: integer,
  /** Days, as YYYY-MM-DD in UTC. */
  filed_on: text,
  changed_on: text,
  due_on: nullable(text),
  /** Sealed. */
  tracking_number: nullable(text),
  access_key_hash: nullable(text),
};
export type TrackingNumberRow = RowOf<typeof columns>;

/** The row after an event of a case that is known; any other event changes nothing. An erased case stays erased. */
const change =
  <E extends { readonly meta: EventMeta }>(how: (row: TrackingNumberRow, event: E) => Partial<TrackingNumberRow>) =>
  (row: TrackingNumberRow | null, event: E): TrackingNumberRow | null =>
    row === null || row.case_state === 'erased' ? row : { ...row, changed_on: dayOf(event), ...how(row, event) };

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
    // The first of its complaint: CaseOpened is the office's answer to it.
    ComplaintSubmitted: {
      key: ({ data }) => ({ complaint_id: data.complaintId }),
      apply: (_row, event) => ({
        complaint_id: event.data.complaintId,
        session_id: sessionOf(event),
        lookup: event.data.trackingLookup,
        case_state: 'received',
        public_state: 'received',
        citizen_must_act: false,
        close_reason: null,
        reminders: 0,
        filed_on: dayOf(event),
        changed_on: dayOf(event),
        due_on: null,
        tracking_number: event.data.trackingNumber,
        access_key_hash: event.data.accessKeyHash,
      }),
    },
    // Changes nothing for the citizen, except where a case was imported without a conversation.
    CaseOpened: {
      key: byComplaint,
      apply: (row, { data }) =>
        row ?? {
          complaint_id: data.complaintId,
          session_id: data.sessionId,
          lookup: data.trackingLookup,
          case_state: 'received',
          public_state: 'received',
          citizen_must_act: false,
          close_reason: null,
          reminders: 0,
          filed_on: data.filedAt.slice(0, 10),
          changed_on: data.filedAt.slice(0, 10),
          due_on: null,
          tracking_number: null,
          access_key_hash: null,
        },
    },
    CaseMoved: {
      key: byComplaint,
      apply: change((_row, { data }) => ({
        case_state: data.to,
        public_state: data.to,
        citizen_must_act: data.to === 'info_requested',
        close_reason: data.reason ?? null,
        due_on: data.dueAt?.slice(0, 10) ?? null,
      })),
    },
    InstitutionReminded: {
      key: byComplaint,
      apply: change((row, { data }) => ({
        reminders: data.reminder,
        public_state: row.case_state === 'institution_asked' ? 'institution_overdue' : row.public_state,
      })),
    },
    CitizenAnswered: {
      key: byComplaint,
      apply: change((row) => ({
        citizen_must_act: false,
        public_state: row.case_state === 'info_requested' ? 'screening' : row.public_state,
        due_on: row.case_state === 'info_requested' ? null : row.due_on,
      })),
    },
    CaseDisputed: { key: byComplaint, apply: change(() => ({})) },
  },
  onMany: {
    PersonalDataErased: {
      column: 'session_id',
      value: (event) => (event.data.classes.includes('content') ? sessionOf(event) : null),
      apply: (row, event) => ({
        ...row,
        case_state: 'erased',
        public_state: 'erased',
        citizen_must_act: false,
        close_reason: null,
        changed_on: dayOf(event),
        due_on: null,
        tracking_number: null,
        access_key_hash: null,
      }),
    },
  },
});
