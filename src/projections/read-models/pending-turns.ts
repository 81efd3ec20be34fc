import { boolean, json, nullable, text, time } from '../columns.js';
import { defineProjection } from '../projection.js';
import { bySession } from './keys.js';

/** A message of a citizen that has no answer yet. */
export interface WaitingMessage {
  readonly messageId: string;
  readonly revision: number;
  readonly receivedAt: string;
}

interface Waiting {
  readonly session_id: string;
  readonly with_human: boolean;
  readonly waiting: readonly WaitingMessage[];
  readonly oldest_at: string | null;
}

/** Keeps the row only while it tells something. */
const kept = (row: Omit<Waiting, 'oldest_at'>): Waiting | null =>
  row.waiting.length === 0 && !row.with_human ? null : { ...row, oldest_at: row.waiting[0]?.receivedAt ?? null };

const answered = (row: Waiting | null, messageId: string): Waiting | null =>
  row === null ? null : kept({ ...row, waiting: row.waiting.filter((message) => message.messageId !== messageId) });

/**
 * Messages that the assistant has yet to answer, by session: the responder's safety net. While an officer is in the
 * conversation the assistant owes nothing, neither for what was said before nor for what is said meanwhile.
 */
export const pendingTurns = defineProjection({
  name: 'pending-turns',
  version: 1,
  table: {
    columns: {
      session_id: text,
      with_human: boolean,
      waiting: json<readonly WaitingMessage[]>(),
      oldest_at: nullable(time),
    },
    key: ['session_id'],
    indexes: [{ columns: ['oldest_at'] }],
  },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, { meta }, key) => {
        if (row?.with_human === true) return row;
        const message = { messageId: meta.id, revision: meta.revision, receivedAt: meta.recordedAt };
        const waiting = [...(row?.waiting ?? []), message];
        return kept({ ...key, with_human: false, waiting });
      },
    },
    AgentReplied: { key: bySession, apply: (row, { data }) => answered(row, data.answers) },
    TurnFailed: { key: bySession, apply: (row, { data }) => answered(row, data.answers) },
    HumanJoined: {
      key: bySession,
      apply: (_row, _event, key) => kept({ ...key, with_human: true, waiting: [] }),
    },
    HumanLeft: {
      key: bySession,
      apply: (row) => row && kept({ ...row, with_human: false }),
    },
  },
});
