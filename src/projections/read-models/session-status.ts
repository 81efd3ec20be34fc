import type { EventMeta } from '../../events/envelope.js';
import type { Language, SessionStateName } from '../../events/catalogue/session.js';
import { integer, json, nullable, oneOf, text, time, type RowOf } from '../columns.js';
import { defineProjection } from '../projection.js';
import { bySession } from './keys.js';

/** Which parts of the intake are settled; what the share of completeness is counted from. */
export interface IntakeFacts {
  /** There is something to file: words, or a voice note that stands for them. */
  readonly described: boolean;
  /** The citizen's own words were recorded. */
  readonly written: boolean;
  /** Ids of the voice notes that were not taken back. */
  readonly voiceNotes: readonly string[];
  readonly evidence: boolean;
  readonly classified: boolean;
  readonly identified: boolean;
  readonly filed: boolean;
}

const nothing: IntakeFacts = {
  described: false,
  written: false,
  voiceNotes: [],
  evidence: false,
  classified: false,
  identified: false,
  filed: false,
};

const columns = {
  session_id: text,
  state: oneOf<SessionStateName>(),
  language: oneOf<Language>(),
  channel: text,
  assistance: oneOf<'bot' | 'waiting_human' | 'human'>(),
  citizen_messages: integer,
  replies: integer,
  facts: json<IntakeFacts>(),
  complaint_id: nullable(text),
  /** Sealed. */
  tracking_number: nullable(text),
  started_at: time,
  last_activity: time,
};
export type SessionStatusRow = RowOf<typeof columns>;

/** A row after an event that moves on what is known of it. An event of a session that never started changes nothing. */
const change =
  <E extends { readonly meta: EventMeta }>(how: (row: SessionStatusRow, event: E) => Partial<SessionStatusRow>) =>
  (row: SessionStatusRow | null, event: E): SessionStatusRow | null =>
    row === null ? null : { ...row, last_activity: event.meta.recordedAt, ...how(row, event) };

const settle = ({ facts }: SessionStatusRow, now: Partial<IntakeFacts>) => ({
  facts: { ...facts, ...now },
});

/** What tells the story moved on: as the decider, this counts a voice note only as long as it was not taken back. */
const tell = (row: SessionStatusRow, now: Partial<Pick<IntakeFacts, 'written' | 'voiceNotes'>>) => {
  const { written, voiceNotes } = { ...row.facts, ...now };
  return settle(row, { written, voiceNotes, described: written || voiceNotes.length > 0 });
};

/** How a conversation stands: one row per session. */
export const sessionStatus = defineProjection({
  name: 'session-status',
  version: 2,
  table: {
    columns,
    key: ['session_id'],
    indexes: [{ columns: ['last_activity'] }],
  },
  on: {
    SessionStarted: {
      key: bySession,
      fresh: true,
      apply: (_row, { meta, data }, key) => ({
        ...key,
        state: 'greeting',
        language: data.language,
        channel: data.channel,
        assistance: 'bot',
        citizen_messages: 0,
        replies: 0,
        facts: nothing,
        complaint_id: null,
        tracking_number: null,
        started_at: meta.recordedAt,
        last_activity: meta.recordedAt,
      }),
    },
    UserMessageReceived: {
      key: bySession,
      apply: change((row) => ({ citizen_messages: row.citizen_messages + 1 })),
    },
    AgentReplied: { key: bySession, apply: change((row) => ({ replies: row.replies + 1 })) },
    OfficerReplied: { key: bySession, apply: change((row) => ({ replies: row.replies + 1 })) },
    SessionStateChanged: { key: bySession, apply: change((_row, { data }) => ({ state: data.to })) },
    LanguageChanged: { key: bySession, apply: change((_row, { data }) => ({ language: data.language })) },
    HumanRequested: { key: bySession, apply: change(() => ({ assistance: 'waiting_human' })) },
    HumanJoined: { key: bySession, apply: change(() => ({ assistance: 'human' })) },
    HumanLeft: { key: bySession, apply: change(() => ({ assistance: 'bot' })) },
    DetailsRecorded: {
      key: bySession,
      apply: change((row, { data }) => (data.details.description === undefined ? {} : tell(row, { written: true }))),
    },
    EvidenceUploaded: {
      key: bySession,
      apply: change((row, { data }) =>
        data.mimeType.startsWith('audio/') ? tell(row, { voiceNotes: [...row.facts.voiceNotes, data.evidenceId] }) : {},
      ),
    },
    EvidenceWithdrawn: {
      key: bySession,
      apply: change((row, { data }) =>
        tell(row, { voiceNotes: row.facts.voiceNotes.filter((id) => id !== data.evidenceId) }),
      ),
    },
    EvidenceStepFinished: { key: bySession, apply: change((row) => settle(row, { evidence: true })) },
    ComplaintClassified: {
      key: bySession,
      apply: change((row, { data }) => settle(row, { classified: data.outcome !== 'proposed' })),
    },
    IdentityProvided: { key: bySession, apply: change((row) => settle(row, { identified: true })) },
    ComplaintSubmitted: {
      key: bySession,
      apply: change((row, { data }) => ({
        ...settle(row, { filed: true }),
        complaint_id: data.complaintId,
        tracking_number: data.trackingNumber,
      })),
    },
    DraftWithdrawn: { key: bySession, apply: change((row) => ({ facts: { ...nothing, filed: row.facts.filed } })) },
    SessionRestarted: {
      key: bySession,
      apply: change(() => ({ facts: nothing, complaint_id: null, tracking_number: null })),
    },
    // The office's doing, not the citizen's: no sign of life.
    PersonalDataErased: {
      key: bySession,
      apply: (row, { data }) =>
        row === null || !data.classes.includes('content') ? row : { ...row, tracking_number: null },
    },
  },
});
