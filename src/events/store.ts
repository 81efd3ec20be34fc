import type { Actor } from './envelope.js';

/**
 * The port to the event log: what every adapter (PostgreSQL, EventStoreDB / KurrentDB) promises.
 *
 * Promises, each one a case of the contract suite in `test/contract/event-store-contract.ts`:
 *  - `append` is atomic per stream, idempotent by event id, and decides each call alone: a conflict never fails a neighbour.
 *  - A reader of the whole log never sees a position appear behind one that it has already passed, and sees each stream
 *    in the order of its revisions, however many writers there are.
 *  - Events are never changed. Each carries the hash of the one before it in its stream, and its own (see `hash-chain.ts`).
 *
 * Not the port's job: what an event means, its schema, encryption of personal fields (all that is the codec's).
 */
export interface EventStore {
  /** Names this log. Changes when the log is restored from a back-up or replaced; a checkpoint belongs to one log. */
  readonly logId: string;

  /**
   * Appends events to one stream, all or none, durably.
   * Appending ids that the stream already holds is a success that changes nothing and gives the first result again,
   * whatever `expected` says.
   * @throws WrongExpectedRevisionError when the stream's revision is not the expected one (nothing was written)
   * @throws EventIdConflictError when some id is already used by another stream, or only part of the batch is known
   * @throws StoreUnavailableError when the store could not be reached within the append time-out; the outcome was then
   *         retried with the same ids and is unknown only if this error says so (`outcome: 'unknown'`)
   */
  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult>;

  /** Events of one stream in order of revision. A stream that does not exist yields nothing. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /** Events of the whole log in order of position, from just after `after` up to the head at the time of the call. */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;

  /** Position and time of the last event of the log, or `position: 0n` when it is empty. */
  head(): Promise<LogHead>;

  /**
   * Catch-up subscription: history, then a `caught-up` signal, then live events, for ever, until `signal` aborts (then the
   * iteration ends normally). Resumes by itself after a lost connection, without a gap and without a repeat.
   * Pull-based: a slow consumer slows only itself.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;

  close(): Promise<void>;
}

export type ExpectedRevision = 'any' | 'noStream' | 'streamExists' | number;

/** An event as it is handed to the store: personal fields are already sealed, `payload` is the JSON text to be kept. */
export interface NewEvent {
  /** UUID; the key of idempotence. */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text made by `JSON.stringify`; the hash covers exactly this. */
  readonly payload: string;
  /** ISO 8601 UTC with milliseconds: when it happened, by the clock of whoever recorded it. */
  readonly occurredAt: string;
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly actor: Actor;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Place in the whole log, from 1. Decimal string at every JSON edge. */
  readonly position: bigint;
  /** ISO 8601 UTC with milliseconds, set by the store, never decreasing along the log. */
  readonly recordedAt: string;
  /** Lower-case hex SHA-256 of the event before it in its stream; 64 zeros for revision 0. */
  readonly previousHash: string;
  /** Lower-case hex SHA-256, see `hash-chain.ts`. */
  readonly hash: string;
}

export interface AppendOptions {
  readonly expected: ExpectedRevision;
}

export interface AppendResult {
  /** Revision of the last event of this append. */
  readonly revision: number;
  /** Position of the last event of this append. */
  readonly position: bigint;
  /** True when the events were already there and nothing was written. */
  readonly duplicate: boolean;
}

export interface ReadStreamOptions {
  readonly direction?: 'forwards' | 'backwards';
  /** First revision to give (inclusive). Default: the start (forwards) or the end (backwards). */
  readonly from?: number;
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Exclusive. Default 0n: from the start. */
  readonly after?: bigint;
  /** Inclusive upper bound. Default: the head at the time of the call. */
  readonly until?: bigint;
  readonly types?: readonly string[];
  readonly limit?: number;
  /** Events per round trip, default `READ_PAGE_EVENTS`. */
  readonly pageSize?: number;
}

export interface LogHead {
  readonly position: bigint;
  readonly recordedAt: string | null;
}

export interface SubscribeOptions {
  /** `'all'` or one stream. */
  readonly to: 'all' | { readonly stream: string };
  /** Exclusive. For `all` a position; for a stream a revision (-1: from the start). `'end'`: only what comes after now. */
  readonly after: bigint | number | 'end';
  readonly types?: readonly string[];
  readonly signal: AbortSignal;
}

export type SubscriptionMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** All that was in the log when this was sent has been given. Sent again each time the subscription falls behind and catches up. */
  | { readonly kind: 'caught-up'; readonly position: bigint }
  /** No event matched the filter up to here: a checkpoint may move. */
  | { readonly kind: 'checkpoint'; readonly position: bigint };

export interface WrongExpectedRevisionError extends Error {
  readonly code: 'wrong_expected_revision';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** -1 when the stream does not exist. */
  readonly actual: number;
}

export interface EventIdConflictError extends Error {
  readonly code: 'event_id_conflict';
  readonly stream: string;
}

export interface StoreUnavailableError extends Error {
  readonly code: 'store_unavailable';
  /** `none`: nothing was written. `unknown`: it may have been; retry with the same ids. */
  readonly outcome: 'none' | 'unknown';
}

export type EventStoreError = WrongExpectedRevisionError | EventIdConflictError | StoreUnavailableError;

const storeError = <E extends EventStoreError>(message: string, fields: Omit<E, keyof Error>, cause?: unknown): E =>
  Object.assign(new Error(message, { cause }), fields) as unknown as E;

export const wrongExpectedRevision = (
  stream: string,
  expected: ExpectedRevision,
  actual: number,
): WrongExpectedRevisionError =>
  storeError<WrongExpectedRevisionError>(
    `The stream is at revision ${actual === -1 ? 'none (it does not exist)' : actual}, expected ${expected}`,
    { code: 'wrong_expected_revision', stream, expected, actual },
  );

export const eventIdConflict = (stream: string): EventIdConflictError =>
  storeError<EventIdConflictError>('An event id of this append is already used for something else', {
    code: 'event_id_conflict',
    stream,
  });

export const storeUnavailable = (
  message: string,
  outcome: StoreUnavailableError['outcome'],
  cause?: unknown,
): StoreUnavailableError => storeError<StoreUnavailableError>(message, { code: 'store_unavailable', outcome }, cause);

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export const isWrongExpectedRevision = (error: unknown): error is WrongExpectedRevisionError =>
  hasCode(error, 'wrong_expected_revision');
export const isEventIdConflict = (error: unknown): error is EventIdConflictError => hasCode(error, 'event_id_conflict');
export const isStoreUnavailable = (error: unknown): error is StoreUnavailableError =>
  hasCode(error, 'store_unavailable');
