// Everything that can go wrong with a model, and what follows: one table. docs/language-model.md shows it to people.

export const faultKinds = [
  'auth',
  'model_unknown',
  'rate_limited',
  'server_error',
  'connection',
  'first_token_timeout',
  'idle_timeout',
  'turn_timeout',
  'broken_stream',
  'bad_request',
  'context_too_long',
  'bad_tool_call',
  'tool_loop',
  'refusal',
  'content_filter',
  'length',
  'empty_reply',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What follows a fault. In the end, whatever is left goes to the guided assistant, which answers the same message. */
export interface FaultRule {
  /** The same call may be made again after a wait. */
  readonly retry: boolean;
  /** Says something about the server, not about this conversation: counts for the circuit breaker; `trip` opens it at once. */
  readonly breaker: 'trip' | 'counts' | 'no';
}

export const faultRules: Readonly<Record<FaultKind, FaultRule>> = {
  // A wrong key or a wrong model name does not mend itself within a turn.
  auth: { retry: false, breaker: 'trip' },
  model_unknown: { retry: false, breaker: 'trip' },
  rate_limited: { retry: true, breaker: 'counts' },
  server_error: { retry: true, breaker: 'counts' },
  connection: { retry: true, breaker: 'counts' },
  // A server that hangs would hang again: somebody waits for an answer.
  first_token_timeout: { retry: false, breaker: 'counts' },
  idle_timeout: { retry: false, breaker: 'counts' },
  turn_timeout: { retry: false, breaker: 'counts' },
  broken_stream: { retry: true, breaker: 'counts' },
  bad_request: { retry: false, breaker: 'counts' },
  // Answered by asking again with half of the conversation, once.
  context_too_long: { retry: false, breaker: 'no' },
  // Told to the model as the result of the call, once.
  bad_tool_call: { retry: false, breaker: 'no' },
  tool_loop: { retry: false, breaker: 'no' },
  refusal: { retry: false, breaker: 'no' },
  content_filter: { retry: false, breaker: 'no' },
  // Cut before it said anything, or within a tool call. A text that was cut is kept up to its last whole sentence.
  length: { retry: false, breaker: 'no' },
  empty_reply: { retry: true, breaker: 'no' },
};

/** A fault of the model or of the way to it. Its message never holds what was said. */
export interface ModelFault extends Error {
  readonly code: 'model_fault';
  readonly kind: FaultKind;
  /** How long the server asked to be left alone, in ms. */
  readonly retryAfterMs?: number;
}

export const modelFault = (kind: FaultKind, retryAfterMs?: number): ModelFault =>
  Object.assign(new Error(`The language model failed: ${kind}`), {
    code: 'model_fault' as const,
    kind,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

export const isModelFault = (error: unknown): error is ModelFault =>
  error instanceof Error && 'code' in error && error.code === 'model_fault';

const headerOf = (error: object, name: string): string | undefined => {
  const headers = 'headers' in error ? error.headers : undefined;
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined;
};

/** `retry-after` in seconds or as a date, or `retry-after-ms`; in ms. */
const retryAfterOf = (error: object, now: number): number | undefined => {
  const ms = Number(headerOf(error, 'retry-after-ms') ?? Number.NaN);
  if (ms >= 0) return ms;
  const text = headerOf(error, 'retry-after');
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
};

const tooLong =
  /context.{0,10}(?:length|window|size)|maximum context|too many tokens|prompt is too long|exceeds? the (?:context|maximum)/iu;

const kindOfStatus = (status: number, code: unknown, message: string): FaultKind => {
  if (status === 413 || code === 'context_length_exceeded' || (status < 500 && tooLong.test(message)))
    return 'context_too_long';
  if (code === 'content_filter' || code === 'content_policy_violation') return 'content_filter';
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'model_unknown';
  // Money has run out: waiting a second does not help, and every call would fail the same way.
  if (code === 'insufficient_quota') return 'auth';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 409 || status >= 500) return 'server_error';
  return 'bad_request';
};

/**
 * What an error of the client means. Knows it by its shape (`status`, `code`, `headers`), not by its class.
 * @param now for a `retry-after` that is a date, in ms
 */
export const faultOf = (error: unknown, now: number): ModelFault => {
  if (isModelFault(error)) return error;
  if (!(error instanceof Error)) return modelFault('connection');
  const code = 'code' in error ? error.code : undefined;
  if ('status' in error && typeof error.status === 'number')
    return modelFault(kindOfStatus(error.status, code, error.message), retryAfterOf(error, now));
  // An error object within the stream comes without a status.
  if (code === 'context_length_exceeded' || (code === undefined && 'param' in error && tooLong.test(error.message)))
    return modelFault('context_too_long');
  if (code === 'content_filter') return modelFault('content_filter');
  if (error instanceof SyntaxError || error.message === 'terminated') return modelFault('broken_stream');
  return modelFault('connection');
};
