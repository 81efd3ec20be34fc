/** What a failed call means for whoever made it. */
export type Failure =
  /** The stream is not at the expected revision; nothing was written. */
  | 'conflict'
  /** There is no such stream (any more, or yet). */
  | 'no-stream'
  /** The stream was deleted for good: nothing can ever be appended to it. */
  | 'tombstoned'
  /** It did not happen and never will: the data were refused. */
  | 'refused'
  /** It did not happen; a person must mend something (rights, certificates, an old server). */
  | 'denied'
  /** It did not happen, and may succeed later. */
  | 'not-now'
  /** The connection or the answer was lost: it may or may not have happened. */
  | 'unknown';

/** By the client's own name of the error (its `ErrorType`). */
const byType: Readonly<Record<string, Failure>> = {
  'wrong-expected-version': 'conflict',
  'stream-not-found': 'no-stream',
  'no-stream': 'no-stream',
  'not-found': 'no-stream',
  'stream-deleted': 'tombstoned',
  'maximum-append-size-exceeded': 'refused',
  'invalid-argument': 'refused',
  'missing-required-metadata-property': 'refused',
  'access-denied': 'denied',
  unsupported: 'denied',
  // The server says so before it does anything.
  'not-leader': 'not-now',
  timeout: 'unknown',
  'deadline-exceeded': 'unknown',
  unavailable: 'unknown',
  cancelled: 'unknown',
  'invalid-transaction': 'unknown',
};

/** By gRPC status, for errors without such a name: the client does not wrap all of them (T1 and a dead single node). */
const byCode: Readonly<Record<number, Failure>> = {
  1: 'unknown', // CANCELLED
  3: 'refused', // INVALID_ARGUMENT
  4: 'unknown', // DEADLINE_EXCEEDED
  7: 'denied', // PERMISSION_DENIED
  8: 'not-now', // RESOURCE_EXHAUSTED: the server is overloaded and took nothing
  12: 'denied', // UNIMPLEMENTED
  14: 'unknown', // UNAVAILABLE
  16: 'denied', // UNAUTHENTICATED
};

/** By message, for what has neither: nothing was sent then, or the server says that it did nothing. */
const byMessage: readonly (readonly [RegExp, Failure])[] = [
  [/^Failed to discover/, 'not-now'],
  // Before the next, whose words come with it. Nobody gets over it by waiting.
  [/self.signed|certificate|CERT_/i, 'denied'],
  [/No connection established|Name resolution failed|ECONNREFUSED|ENOTFOUND|EHOSTUNREACH/, 'not-now'],
  [/Server Is (Too )?Busy|Server Is Not Ready|No leader info available/i, 'not-now'],
];

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null && name in error ? (error as Record<string, unknown>)[name] : undefined;

/** Every failure of the client is classified here and nowhere else: by type, then message, then code. */
export const classify = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : '';
  const told = byMessage.find(([pattern]) => pattern.test(message))?.[1];
  const type = field(error, 'type');
  const named = typeof type === 'string' ? byType[type] : undefined;
  // "Unavailable" alone does not say whether something was sent; its message may.
  if (named !== undefined && named !== 'unknown') return named;
  if (told !== undefined) return told;
  if (named !== undefined) return named;
  const code = field(error, 'code');
  return (typeof code === 'number' ? byCode[code] : undefined) ?? 'unknown';
};

/** Worth trying again: the call may succeed later, unchanged. */
export const isPassing = (error: unknown): boolean => {
  const failure = classify(error);
  return failure === 'unknown' || failure === 'not-now';
};

/** The client that failed like this must go: it would look for its node in vain again (T1), or wait for a silent one (T5). */
export const needsNewConnection = (error: unknown): boolean =>
  error instanceof Error && (/^Failed to discover/.test(error.message) || field(error, 'silence') === true);

/** What went wrong, for logs: the kind and what the client calls it; never its text, which may name streams or hosts. */
export const describeFailure = (error: unknown): { failure: Failure; type?: string; code?: number } => {
  const type = field(error, 'type');
  const code = field(error, 'code');
  return {
    failure: classify(error),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof code === 'number' ? { code } : {}),
  };
};
