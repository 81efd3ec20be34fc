import type { Clock } from '../../platform/clock.js';
import type { Codec } from '../../events/event-log.js';
import type { Language, SessionStateName } from '../../events/catalogue/session.js';
import { ERASED } from '../../events/personal.js';
import { sessionStatus, type IntakeFacts } from '../read-models/session-status.js';
import { openField, readRows, type Database } from './rows.js';

/** How a conversation stands, for whoever may see it. */
export interface SessionStatus {
  readonly sessionId: string;
  readonly state: SessionStateName;
  readonly language: Language;
  readonly channel: string;
  readonly assistance: 'bot' | 'waiting_human' | 'human';
  /** Of the citizen, the assistant and officers together. */
  readonly messageCount: number;
  readonly citizenMessageCount: number;
  /** Share of the intake that is done, 0 to 1: four parts and the filing itself, a fifth each. */
  readonly completeness: number;
  /** Null before filing, and for ever once erased. */
  readonly trackingNumber: string | null;
  readonly complaintId: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly lastActivity: string;
  /** `idle` after five minutes without an event, `abandoned` after `ABANDONED_AFTER_HOURS` without having come to an end. */
  readonly liveness: 'active' | 'idle' | 'abandoned';
}

const IDLE_AFTER_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

function livenessOf(
  { state, lastActivity }: Pick<SessionStatus, 'state' | 'lastActivity'>,
  now: Date,
  abandonedAfterHours: number,
): SessionStatus['liveness'] {
  const silentMs = now.getTime() - Date.parse(lastActivity);
  if (silentMs < IDLE_AFTER_MS) return 'active';
  return silentMs >= abandonedAfterHours * HOUR_MS && state !== 'completed' ? 'abandoned' : 'idle';
}

export const completenessOf = ({ described, evidence, classified, identified, filed }: IntakeFacts): number =>
  filed ? 1 : [described, evidence, classified, identified].filter(Boolean).length / 5;

export interface SessionStatusOptions {
  readonly db: Database;
  readonly codec: Pick<Codec, 'openText'>;
  readonly clock: Clock;
  readonly abandonedAfterHours: number;
}

/** The status of one session, or undefined when the read model knows no such session. */
export async function readSessionStatus(
  { db, codec, clock, abandonedAfterHours }: SessionStatusOptions,
  sessionId: string,
): Promise<SessionStatus | undefined> {
  const [row] = await readRows(db, sessionStatus, 'WHERE session_id = $1', [sessionId]);
  if (row === undefined) return undefined;
  const { state, language, channel, assistance } = row;
  const number = row.tracking_number === null ? ERASED : await openField(codec, row.tracking_number);
  return {
    sessionId: row.session_id,
    ...{ state, language, channel, assistance },
    messageCount: row.citizen_messages + row.replies,
    citizenMessageCount: row.citizen_messages,
    completeness: completenessOf(row.facts),
    trackingNumber: number === ERASED ? null : number,
    complaintId: row.complaint_id,
    startedAt: row.started_at,
    lastActivity: row.last_activity,
    liveness: livenessOf({ state, lastActivity: row.last_activity }, clock.now(), abandonedAfterHours),
  };
}
