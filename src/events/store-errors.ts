/** What an append expects of its stream: anything, that it does not exist, that it exists, or its exact last revision. */
export type ExpectedRevision = 'any' | 'noStream' | 'streamExists' | number;

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

/** The caller's mistake: what was handed over can never be stored (no events, a malformed name, id, time or text). */
export interface InvalidAppendError extends Error {
  readonly code: 'invalid_append';
}

/** The log itself is damaged: a position that must be there is missing. Never the result of several writers. */
export interface LogGapError extends Error {
  readonly code: 'log_gap';
  /** The last position that was there. */
  readonly after: bigint;
  /** The next position that was found, `null` when the log ends before its recorded head. */
  readonly found: bigint | null;
}

export type EventStoreError =
  WrongExpectedRevisionError | EventIdConflictError | StoreUnavailableError | InvalidAppendError | LogGapError;

const storeError = <E extends EventStoreError>(message: string, fields: Omit<E, keyof Error>, cause?: unknown): E =>
  Object.assign(cause === undefined ? new Error(message) : new Error(message, { cause }), fields) as unknown as E;

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

export const invalidAppend = (why: string, cause?: unknown): InvalidAppendError =>
  storeError<InvalidAppendError>(`This cannot be appended: ${why}`, { code: 'invalid_append' }, cause);

export const logGap = (after: bigint, found: bigint | null): LogGapError =>
  storeError<LogGapError>(
    found === null
      ? `The log ends at position ${String(after)}, before its recorded head`
      : `The log has nothing between positions ${String(after)} and ${String(found)}`,
    { code: 'log_gap', after, found },
  );

const hasCode = (error: unknown, code: EventStoreError['code']): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export const isWrongExpectedRevision = (error: unknown): error is WrongExpectedRevisionError =>
  hasCode(error, 'wrong_expected_revision');
export const isEventIdConflict = (error: unknown): error is EventIdConflictError => hasCode(error, 'event_id_conflict');
export const isStoreUnavailable = (error: unknown): error is StoreUnavailableError =>
  hasCode(error, 'store_unavailable');
export const isInvalidAppend = (error: unknown): error is InvalidAppendError => hasCode(error, 'invalid_append');
export const isLogGap = (error: unknown): error is LogGapError => hasCode(error, 'log_gap');
