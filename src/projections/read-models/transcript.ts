import type { AnyRecorded } from '../../events/catalogue/index.js';
import type { SessionStateName } from '../../events/catalogue/session.js';
import { ERASED, type PersonalClass } from '../../events/personal.js';
import { bigint, integer, json, nullable, oneOf, text, time } from '../columns.js';
import { defineProjection, type RowOfProjection } from '../projection.js';
import { sessionOf } from './keys.js';

/** A file as it was shown in the conversation. */
interface ShownFile {
  readonly evidenceId: string;
  /** Sealed. */
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}
interface QuickReply {
  readonly label: string;
  readonly send: string;
}
/** Things that happened in the conversation without anybody saying something. */
type Notice = 'human_requested' | 'human_joined' | 'human_left' | 'turn_failed' | 'file_withdrawn';

/** `file` and `state` are no lines of their own: the first belongs to the message that names it, the second to the reply. */
type Kind = 'citizen' | 'agent' | 'officer' | 'system' | 'notice' | 'file' | 'state';

const line = (event: AnyRecorded, kind: Kind) => ({
  session_id: sessionOf(event),
  revision: event.meta.revision,
  position: event.meta.position,
  kind,
  at: event.meta.occurredAt,
  event_id: event.meta.id,
  answers: null,
  content: null,
  once: null,
  quick_replies: null,
  evidence_ids: null,
  file: null,
  state: null,
  notice: null,
});

const byLine = (event: AnyRecorded): { session_id: string; revision: number } => ({
  session_id: sessionOf(event),
  revision: event.meta.revision,
});

const isOfficeSpeaking = (kind: 'question' | 'message' | 'status' | 'refused'): boolean =>
  kind === 'question' || kind === 'message';

/** Each event makes at most one line, and only an erasure changes one: nothing is ever looked for by its key. */
const each = { key: byLine, fresh: true } as const;

interface LineTexts {
  readonly content: string | null;
  readonly once: string | null;
  readonly file: ShownFile | null;
}

/** Which classes of personal data stand in the lines. */
const shown: ReadonlySet<PersonalClass> = new Set(['content', 'evidence', 'handover']);

/** A line after an erasure: not even the ciphertext stays, though nobody could open it. */
const blanked = (row: LineTexts, classes: readonly PersonalClass[]): LineTexts => ({
  content: row.content !== null && classes.includes('content') ? ERASED : row.content,
  once: classes.includes('handover') ? null : row.once,
  file: row.file !== null && classes.includes('evidence') ? { ...row.file, name: ERASED } : row.file,
});

/** What the citizen saw, in order: one row per event that showed something. */
export const transcript = defineProjection({
  name: 'transcript',
  version: 2,
  table: {
    columns: {
      session_id: text,
      revision: integer,
      position: bigint,
      kind: oneOf<Kind>(),
      at: time,
      event_id: text,
      /** The message that a reply answers. */
      answers: nullable(text),
      /** Sealed. */
      content: nullable(text),
      /** Sealed: what is shown once, under a key that does not live long. */
      once: nullable(text),
      quick_replies: nullable(json<readonly QuickReply[]>()),
      evidence_ids: nullable(json<readonly string[]>()),
      file: nullable(json<ShownFile>()),
      state: nullable(oneOf<SessionStateName>()),
      notice: nullable(oneOf<Notice>()),
    },
    key: ['session_id', 'revision'],
  },
  on: {
    UserMessageReceived: {
      ...each,
      apply: (_row, event) => ({
        ...line(event, 'citizen'),
        content: event.data.text,
        evidence_ids: event.data.evidenceIds,
      }),
    },
    EvidenceUploaded: {
      ...each,
      apply: (_row, event) => {
        const { evidenceId, name, mimeType, sizeBytes } = event.data;
        return { ...line(event, 'file'), file: { evidenceId, name, mimeType, sizeBytes } };
      },
    },
    // The message still shows what was sent with it; which file it was is told by its id.
    EvidenceWithdrawn: {
      ...each,
      apply: (_row, event) => ({
        ...line(event, 'notice'),
        notice: 'file_withdrawn',
        evidence_ids: [event.data.evidenceId],
      }),
    },
    AgentReplied: {
      ...each,
      apply: (_row, event) => ({
        ...line(event, 'agent'),
        answers: event.data.answers,
        content: event.data.text,
        once: event.data.onceText ?? null,
        quick_replies: event.data.quickReplies,
      }),
    },
    OfficerReplied: {
      ...each,
      apply: (_row, event) => ({ ...line(event, 'officer'), content: event.data.text }),
    },
    // What the office says is its own voice; a step of the case is nobody's.
    CaseUpdateReceived: {
      ...each,
      apply: (_row, event) => ({
        ...line(event, isOfficeSpeaking(event.data.kind) ? 'officer' : 'system'),
        content: event.data.text,
      }),
    },
    SessionStateChanged: { ...each, apply: (_row, event) => ({ ...line(event, 'state'), state: event.data.to }) },
    HumanRequested: { ...each, apply: (_row, event) => ({ ...line(event, 'notice'), notice: 'human_requested' }) },
    HumanJoined: { ...each, apply: (_row, event) => ({ ...line(event, 'notice'), notice: 'human_joined' }) },
    HumanLeft: { ...each, apply: (_row, event) => ({ ...line(event, 'notice'), notice: 'human_left' }) },
    TurnFailed: {
      ...each,
      apply: (_row, event) => ({ ...line(event, 'notice'), notice: 'turn_failed', answers: event.data.answers }),
    },
  },
  onMany: {
    PersonalDataErased: {
      column: 'session_id',
      value: (event) => (event.data.classes.some((name) => shown.has(name)) ? sessionOf(event) : null),
      apply: (row, { data }) => ({ ...row, ...blanked(row, data.classes) }),
    },
  },
});

export type TranscriptRow = RowOfProjection<typeof transcript>;
