import type { RefusalCode } from '../../commands/decision.js';

// The one table of error codes and close codes: server, HTTP API, documentation and tests read it (PROTOCOL.md). Codes are
// stable: one is never renamed, never used again for something else.

interface ErrorDefinition {
  /** Whether the same request can succeed later without being changed. */
  readonly retryable: boolean;
  /** Status of the HTTP answer. */
  readonly http: number;
  /** Said to a person when nothing more precise is known. Plain English. */
  readonly message: string;
  /** Close code of a socket on which this is final. */
  readonly close?: CloseCode;
}

const closeTable = {
  1000: { meaning: 'normal end', client: 'stop' },
  1001: { meaning: 'going away', client: 'retry' },
  1002: { meaning: 'the WebSocket protocol was broken', client: 'stop, report' },
  1007: { meaning: 'text that is not UTF-8', client: 'stop, report' },
  1008: { meaning: 'policy: a flood of fragments', client: 'stop, report' },
  1009: { meaning: 'frame too big', client: 'stop, report' },
  1011: { meaning: 'internal error', client: 'retry' },
  1012: { meaning: 'the server restarts', client: 'retry after the hint' },
  1013: { meaning: 'overload, or this client reads too slowly', client: 'retry, back-off × 2' },
  4400: { meaning: 'repeated bad frames', client: 'stop, report' },
  4401: { meaning: 'token missing or expired', client: 'refresh the token once, else stop' },
  4403: { meaning: 'revoked or forbidden', client: 'stop, forget what is stored and shown' },
  4404: { meaning: 'session unknown', client: 'create a new session' },
  4406: { meaning: 'this node requires leoma.chat.v1', client: 'reconnect with it, else stop' },
  4408: { meaning: 'no hello, or a message not completed, in time', client: 'retry' },
  4409: { meaning: 'replaced: too many sockets of one session', client: 'stop, offer "use here"' },
  4429: { meaning: 'rate limited', client: 'retry after the hint' },
  4499: { meaning: 'made by the client: dead socket', client: 'retry now' },
} as const;

export type CloseCode = keyof typeof closeTable;
export const closeCodes: Readonly<Record<CloseCode, { readonly meaning: string; readonly client: string }>> =
  closeTable;

const errorTable = {
  // On sockets and over HTTP.
  bad_json: { retryable: false, http: 400, message: 'The message could not be read.', close: 4400 },
  bad_frame: { retryable: false, http: 400, message: 'The message has an unexpected form.', close: 4400 },
  unsupported_type: { retryable: false, http: 400, message: 'This kind of message is not known here.' },
  hello_required: { retryable: false, http: 401, message: 'Say hello first.', close: 4408 },
  unauthorized: { retryable: false, http: 401, message: 'Please open the conversation again.', close: 4401 },
  session_unknown: {
    retryable: false,
    http: 404,
    message: 'This conversation is not known. Please start a new one.',
    close: 4404,
  },
  session_expired: { retryable: false, http: 401, message: 'Please open the conversation again.', close: 4401 },
  session_closed: { retryable: false, http: 409, message: 'This conversation has ended.', close: 4403 },
  session_mismatch: { retryable: false, http: 403, message: 'The message belongs to another conversation.' },
  session_revoked: {
    retryable: false,
    http: 403,
    message: 'This conversation was closed. Please start a new one.',
    close: 4403,
  },
  message_empty: { retryable: false, http: 400, message: 'Please write something before you send.' },
  message_too_long: {
    retryable: false,
    http: 413,
    message: 'The message is too long. Please send it in several parts.',
  },
  too_many_files: {
    retryable: false,
    http: 413,
    message: 'Too many files at once. Please send them in several messages.',
  },
  file_too_large: { retryable: false, http: 413, message: 'The file is too large.' },
  file_size_mismatch: { retryable: false, http: 400, message: 'The file did not arrive whole. Please send it again.' },
  file_type_rejected: {
    retryable: false,
    http: 415,
    message: 'This kind of file cannot be taken. Photos, PDF and Word documents and voice notes can.',
  },
  file_infected: { retryable: false, http: 422, message: 'The file looks harmful and was not kept.' },
  upload_unknown: {
    retryable: false,
    http: 404,
    message: 'The uploaded file is not there any more. Please choose it again.',
  },
  file_pending: { retryable: true, http: 409, message: 'The file is still being checked.' },
  quota_exceeded: { retryable: false, http: 413, message: 'There is no room for more files.' },
  rate_limited: { retryable: true, http: 429, message: 'That was very fast. Please wait a moment.', close: 4429 },
  busy: {
    retryable: true,
    http: 429,
    message: 'Your earlier messages are still being answered. Please wait a moment.',
  },
  agent_unavailable: {
    retryable: true,
    http: 503,
    message: 'The assistant could not answer just now. What you wrote is kept. Please write again.',
  },
  agent_timeout: {
    retryable: true,
    http: 504,
    message: 'The assistant needs longer than usual. What you wrote is kept.',
  },
  reply_cancelled: { retryable: false, http: 409, message: 'The answer was cancelled.' },
  position_invalid: { retryable: false, http: 400, message: 'The position is not valid.' },
  conflict: { retryable: true, http: 409, message: 'This is not possible at this point of the conversation.' },
  draining: { retryable: true, http: 503, message: 'The service restarts. Please try again in a moment.', close: 1012 },
  unavailable: {
    retryable: true,
    http: 503,
    message: 'The service cannot answer just now. Please try again in a moment.',
    close: 1011,
  },
  internal: {
    retryable: true,
    http: 500,
    message: 'Something went wrong on our side. Please try again.',
    close: 1011,
  },
  // Only over HTTP.
  bad_request: { retryable: false, http: 400, message: 'The request has an unexpected form.' },
  login_required: { retryable: false, http: 401, message: 'Please log in first.' },
  too_slow: { retryable: true, http: 408, message: 'The request took too long to arrive.' },
  payload_too_large: { retryable: false, http: 413, message: 'The request is too large.' },
  unsupported_media_type: { retryable: false, http: 415, message: 'Please send JSON.' },
  protocol_unsupported: {
    retryable: false,
    http: 400,
    message: 'None of the offered WebSocket protocols is spoken here.',
  },
  origin_rejected: { retryable: false, http: 403, message: 'This page may not connect here.' },
  too_many_sockets: { retryable: true, http: 429, message: 'Too many connections from this address.' },
  overloaded: {
    retryable: true,
    http: 503,
    message: 'Very many people are here just now. Please try again in a moment.',
  },
  read_model_behind: {
    retryable: true,
    http: 503,
    message: 'What you wrote is kept, but does not show here yet. Please ask again in a moment.',
  },
  tracking_malformed: {
    retryable: false,
    http: 400,
    message:
      'This is not a tracking number. It looks like OMB-XXXX-XXXX-XXXX: OMB and three groups of four letters or digits.',
  },
  tracking_unknown: { retryable: false, http: 404, message: 'Nothing was found for this.' },
  not_found: { retryable: false, http: 404, message: 'There is nothing here.' },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorTable;
export const errorDefinitions: Readonly<Record<ErrorCode, ErrorDefinition>> = errorTable;
export const errorCodeList = Object.keys(errorTable) as readonly ErrorCode[];

/** What a rule's refusal is called on the wire. */
export const refusalToError: Readonly<Record<RefusalCode, ErrorCode>> = {
  session_unknown: 'session_unknown',
  session_exists: 'conflict',
  message_empty: 'message_empty',
  message_too_long: 'message_too_long',
  too_many_files: 'too_many_files',
  description_missing: 'conflict',
  not_filing: 'conflict',
  already_submitted: 'conflict',
  answers_not_shown: 'conflict',
  not_confirmed: 'conflict',
  already_answered: 'conflict',
  message_unknown: 'conflict',
  human_assisting: 'conflict',
  human_not_assisting: 'conflict',
  unknown_category: 'conflict',
  unknown_institution: 'conflict',
  identity_incomplete: 'conflict',
  standing_locked: 'conflict',
  wrong_actor: 'conflict',
  transition_not_allowed: 'conflict',
  case_unknown: 'tracking_unknown',
  reason_missing: 'conflict',
  question_missing: 'conflict',
  not_your_case: 'conflict',
  consent_missing: 'conflict',
  too_late: 'conflict',
  legal_hold: 'conflict',
  erased: 'session_closed',
  session_revoked: 'session_revoked',
};
