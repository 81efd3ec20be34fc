import type { ProjectionFailure } from './failure.js';

// What people at the terminal and the office's endpoints may ask of the read models. The code that does it is behind
// `createProjectionAdmin`.

/**
 * What a copy of a read model is for. `live`: it serves. `building`: a rebuild fills it. `previous`: it served before the last
 * swap and is kept for a roll-back; nothing feeds it. `verifying`: a throw-away copy that `verify` compares with the live one.
 */
export type CopyRole = 'live' | 'building' | 'previous' | 'verifying';

/** `running` is what it should be; `failed` stands at an event that it cannot apply. Rows are served in any of them. */
export type CopyState = 'running' | 'paused' | 'failed';

/** What a rebuild or a check is at. `wait`: others rebuild already, as many as MAX_REBUILDS allows. */
export type WorkPhase = 'wait' | 'load' | 'index' | 'follow' | 'swap' | 'compare';

/** A copy that cannot write for now, and tries again by itself. */
export interface Waiting {
  /** Attempts that failed, one after the other. */
  readonly failures: number;
  /** A code: SQLSTATE or error code of the system, `blocked` (by a lock of somebody else), `disk_full`, or `unknown`. */
  readonly reason: string;
  /** ISO 8601. */
  readonly since: string;
}

/** One copy of a read model, as admins see it. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly role: CopyRole;
  readonly state: CopyState;
  readonly table: string;
  /** What the rebuild or check of this copy is at; null when none is at work on it. */
  readonly phase: Exclude<WorkPhase, 'wait'> | null;
  readonly position: bigint;
  readonly head: bigint;
  /** Events that are not in the rows; with `lagIsDistance` only how far apart the positions are. */
  readonly lagEvents: bigint;
  /** Set where positions do not count events (EventStoreDB) and something is missing. `lagSeconds` is exact there too. */
  readonly lagIsDistance?: true | undefined;
  /** For how long the oldest event that is not in the rows has been recorded; 0 when none is missing. Null: not known. */
  readonly lagSeconds: number | null;
  /** How long ago the last event of the log was recorded, in seconds; null for an empty log. */
  readonly headAgeSeconds: number | null;
  /** Events of the log per second that its owner gets past, as it last told. */
  readonly eventsPerSecond: number;
  /** Seconds until it has caught up, at this rate; null when it is not known, 0 when it has. */
  readonly etaSeconds: number | null;
  /** The process that applies the events, or null when none does. */
  readonly owner: string | null;
  readonly waiting: Waiting | null;
  readonly error: ProjectionFailure | null;
  /** Events that were left out by decision of a person (`skip`), in this version. */
  readonly skipped: number;
  /** Share of the time in which its rebuild may work, 1 to 100; null when none is at work on it. */
  readonly maxLoadPercent: number | null;
  /** Why it was paused, if somebody said. */
  readonly pausedReason: string | null;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What the code defines, and what the database has of it. */
export interface ProjectionSummary {
  readonly name: string;
  /** Of the code. Copies may be of other versions. */
  readonly version: number;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly key: readonly string[];
  /** The event types that it listens to. */
  readonly events: readonly string[];
  readonly copies: readonly {
    readonly version: number;
    readonly role: CopyRole;
    readonly state: CopyState;
    readonly table: string;
    readonly position: bigint;
    /** Estimate by PostgreSQL. */
    readonly rows: number;
    readonly bytes: number;
  }[];
}

/** Sent after every batch and at each change of phase. With several copies: of the slowest. */
export interface WorkProgress {
  readonly phase: WorkPhase;
  readonly position: bigint;
  readonly head: bigint;
  /** Events of the log per second since the start of the phase. */
  readonly eventsPerSecond: number;
  /** Until `position` is at `head`, at this rate; null when it is not known. */
  readonly etaSeconds: number | null;
}

export interface WorkOptions {
  /** Share of the time in which it may work, 1 to 100. Default: REBUILD_MAX_LOAD_PERCENT. */
  readonly maxLoadPercent?: number | undefined;
  /** Stops it; what was built is kept, and the next run goes on from there. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
}

export interface RebuildResult {
  readonly name: string;
  readonly version: number;
  /**
   * `busy`: another process is rebuilding it. `failed`: stopped at an event; the live table serves on. `cancelled`: somebody
   * called it off; its copy is gone.
   */
  readonly outcome: 'rebuilt' | 'busy' | 'failed' | 'cancelled';
  readonly failure?: ProjectionFailure;
}

/**
 * A value of a row for people: sealed and long ones only as `sealed:<hash>` and `hash:<hash>`, sessions as
 * `session:<reference>`. Equal values look equal.
 */
export type ShownValue = string | number | boolean | null;
export type ShownRow = Readonly<Record<string, ShownValue>>;

/** Two rows of one key that should be the same. */
export interface Difference {
  readonly kind: 'changed' | 'missing_live' | 'extra_live';
  readonly key: ShownRow;
  /** The columns that differ; all but the key when one of the rows is missing. */
  readonly columns: readonly string[];
  /** The values in these columns; null when there is no such row. */
  readonly live: ShownRow | null;
  readonly rebuilt: ShownRow | null;
  /** The last event up to the compared position that concerns this row; null when no event does. */
  readonly event: { readonly position: bigint; readonly type: string; readonly id: string } | null;
}

export type VerifyResult =
  | { readonly outcome: 'same'; readonly position: bigint; readonly rows: number }
  | {
      readonly outcome: 'different';
      readonly position: bigint;
      readonly rows: number;
      /** Rows that differ, are missing, or are too many. */
      readonly count: number;
      /** The first of them in the order of the key. */
      readonly first: Difference;
    }
  /** The fold stopped at an event: there is nothing whole to compare with. */
  | { readonly outcome: 'failed'; readonly failure: ProjectionFailure }
  /** Another process is verifying it. */
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'cancelled' }
  /** Nothing of this version is live yet. */
  | { readonly outcome: 'not_live' };

export type RefusalCode =
  /** The code has no projection of this name. */
  | 'unknown_projection'
  /** The database has nothing of this version yet. */
  | 'not_live'
  | 'no_rebuild'
  /** Nothing is kept to go back to. */
  | 'no_previous'
  /** Another process is at work on the copy, or a lock of others was in the way. */
  | 'busy'
  | 'already_paused'
  | 'not_paused'
  | 'not_failed'
  /** It stands at another event than the one that was to be left out. */
  | 'other_event'
  /** The event cannot be read at all; leaving it out would hide a damaged log. */
  | 'unreadable_event'
  | 'reason_needed'
  /** Catching up before the roll-back stopped at an event. */
  | 'stopped_at_event'
  /** What is kept was made from another event log. */
  | 'other_log';

/** What became of an order. `message`: one sentence for people. */
export type Outcome =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };

/**
 * What an admin may do. All of it may be called in any process beside running servers; orders concern the version of this
 * code. A name that does not exist: `rebuild` and `verify` throw, orders answer `unknown_projection`.
 */
export interface ProjectionAdmin {
  list(): Promise<readonly ProjectionSummary[]>;
  /** Every copy of every projection, by name and version, the live one first. */
  status(): Promise<readonly ProjectionStatus[]>;
  /** Empty `names`: all of them, from one read of the log. Waits for its turn while MAX_REBUILDS others are at work. */
  rebuild(names: readonly string[], options?: WorkOptions): Promise<readonly RebuildResult[]>;
  /** Calls off the rebuild (and the check) of it, wherever it runs, and drops its copy. */
  cancelRebuild(name: string): Promise<Outcome>;
  /** Builds a throw-away copy and compares it with the live one, row by row at one position, while events go on coming. */
  verify(name: string, options?: WorkOptions): Promise<VerifyResult>;
  /** Brings what served before up to the position of the live copy, and lets the two change places. */
  rollback(name: string): Promise<Outcome>;
  /** Drops what is kept for a roll-back, and copies of other versions that no process keeps up to date. */
  dropOld(name: string): Promise<Outcome>;
  pause(name: string, options?: { readonly reason?: string | undefined }): Promise<Outcome>;
  /** Also lets a failed one try again. */
  resume(name: string): Promise<Outcome>;
  retry(name: string): Promise<Outcome>;
  /** Leaves out the event at which it stands, for ever: a rebuild of the same version leaves it out too. Recorded. */
  skip(
    name: string,
    options: { readonly position: bigint; readonly reason: string; readonly by: string },
  ): Promise<Outcome>;
}
