import type pg from 'pg';
import type { closeReasons, CaseState } from '../../events/catalogue/complaint.js';
import type { Codec, EventLog } from '../../events/event-log.js';
import { systemClock, type Clock } from '../../platform/clock.js';
import { projections } from '../read-models/index.js';
import { pendingTurns } from '../read-models/pending-turns.js';
import { trackingNumber } from '../read-models/tracking-number.js';
import { readStatus, type ProjectionStatus } from '../status.js';
import { healthOf, type ReadModelHealth } from './health.js';
import { readRows } from './rows.js';
import { readSessionStatus, type SessionStatus } from './session-status.js';
import { readTranscript, type TranscriptEntry, type TranscriptOptions } from './transcript.js';

export type { ProjectionStatus, ReadModelHealth, SessionStatus, TranscriptEntry, TranscriptOptions };

/**
 * What the office knows of a filed complaint by its number. Who may see which part is the caller's to decide; what the public
 * reads follows from it by policy (`publicStatus` takes it as it is). Times are ISO 8601 UTC.
 */
export interface TrackedComplaint {
  readonly complaintId: string;
  readonly sessionId: string;
  readonly state: CaseState;
  /** When this state was entered. */
  readonly since: string;
  readonly lastChangeAt: string;
  /** By when something must happen, where the last step set a day. */
  readonly dueAt: string | null;
  readonly closeReason: (typeof closeReasons)[number] | null;
  readonly closedAt: string | null;
  readonly institutionAskedAt: string | null;
  /** How often the institution was reminded. */
  readonly reminders: number;
  readonly citizenMustAct: boolean;
  readonly filedAt: string;
  /** scrypt hash; null for an imported case. */
  readonly accessKeyHash: string | null;
}

/** A message that waits for the assistant. */
export interface PendingTurn {
  readonly sessionId: string;
  readonly messageId: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** Questions to the read models. Answers are as old as the projection's lag. */
export interface Queries {
  /** Undefined when the read model knows no such session (it may lag: wait for the position of the append first). */
  sessionStatus(sessionId: string): Promise<SessionStatus | undefined>;
  transcript(sessionId: string, options: TranscriptOptions): Promise<TranscriptEntry[]>;
  /** By the HMAC of the number. Undefined for an unknown number and for an erased complaint alike. */
  trackingByLookup(lookup: string): Promise<TrackedComplaint | undefined>;
  /** Messages without an answer that were received at least so long ago; the session that waits longest first. */
  pendingTurns(options: { readonly olderThanMs: number; readonly limit: number }): Promise<PendingTurn[]>;
  projectionStatus(): Promise<ProjectionStatus[]>;
  /** How each read model of this program stands, as its readers see it. */
  readModelHealth(): Promise<ReadModelHealth[]>;
}

export interface QueriesOptions {
  readonly pool: pg.Pool;
  readonly codec: Pick<Codec, 'openText'>;
  readonly log: Pick<EventLog, 'head' | 'readPages'>;
  readonly abandonedAfterHours: number;
  readonly clock?: Clock;
}

async function readTracked(db: pg.Pool, lookup: string): Promise<TrackedComplaint | undefined> {
  const [row] = await readRows(db, trackingNumber, `WHERE lookup = $1 AND state <> 'erased'`, [lookup]);
  return (
    row && {
      complaintId: row.complaint_id,
      sessionId: row.session_id,
      state: row.state,
      since: row.since,
      lastChangeAt: row.changed_at,
      dueAt: row.due_at,
      closeReason: row.close_reason,
      closedAt: row.closed_at,
      institutionAskedAt: row.institution_asked_at,
      reminders: row.reminders,
      citizenMustAct: row.state === 'info_requested',
      filedAt: row.filed_at,
      accessKeyHash: row.access_key_hash,
    }
  );
}

async function readPending(db: pg.Pool, receivedBefore: Date, limit: number): Promise<PendingTurn[]> {
  const rows = await readRows(db, pendingTurns, 'WHERE oldest_at <= $1 ORDER BY oldest_at LIMIT $2', [
    receivedBefore,
    limit,
  ]);
  return rows
    .flatMap(({ session_id: sessionId, waiting }) => waiting.map((message) => ({ sessionId, ...message })))
    .filter(({ receivedAt }) => Date.parse(receivedAt) <= receivedBefore.getTime())
    .slice(0, limit);
}

/** Makes the queries over the read models of this database. The views must have been made (`startProjections`). */
export function createQueries(options: QueriesOptions): Queries {
  const { pool, codec, log, abandonedAfterHours, clock = systemClock } = options;
  const projectionStatus = () => readStatus(pool, () => log.head(), log, clock);
  return {
    sessionStatus: (sessionId) => readSessionStatus({ db: pool, codec, clock, abandonedAfterHours }, sessionId),
    transcript: (sessionId, page) => readTranscript({ db: pool, codec }, sessionId, page),
    trackingByLookup: (lookup) => readTracked(pool, lookup),
    pendingTurns: ({ olderThanMs, limit }) => readPending(pool, new Date(clock.now().getTime() - olderThanMs), limit),
    projectionStatus,
    readModelHealth: async () => healthOf(projections, await projectionStatus()),
  };
}
