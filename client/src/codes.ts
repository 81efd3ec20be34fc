// The one table of close codes and error codes with what a client does about each (PROTOCOL.md, "Close codes", "Errors").
// Nothing here depends on a browser or on the rest of the client: a server may import it as well.

/**
 * What the client does after a close.
 * - `stop`: the end, nothing went wrong. `report`: the end, with an error.
 * - `retry`: back off, then again. `slower`: the same with twice the wait. `hint`: not before the server's hint.
 * - `now`: again at once, on a new socket.
 * - `refresh`: get a new token once, then again; a second time it is the end.
 * - `renew`: the session is not known; make a new one. `end`: the session is over; forget what is stored and shown.
 * - `upgrade`: discover once more, for this node wants the resumable profile.
 * - `replaced`: stop, and let the person choose to use this tab.
 */
export type CloseAction =
  'stop' | 'report' | 'retry' | 'slower' | 'hint' | 'now' | 'refresh' | 'renew' | 'end' | 'upgrade' | 'replaced';

/** Close code to what the client does. */
export const closeActions = {
  1000: 'stop',
  1001: 'retry',
  1002: 'report',
  1007: 'report',
  1008: 'report',
  1009: 'report',
  1011: 'retry',
  1012: 'hint',
  1013: 'slower',
  4400: 'report',
  4401: 'refresh',
  4403: 'end',
  4404: 'renew',
  4406: 'upgrade',
  4408: 'retry',
  4409: 'replaced',
  4429: 'hint',
  4499: 'now',
} as const satisfies Record<number, CloseAction>;

export type CloseCode = keyof typeof closeActions;

/** The same codes in words, for logs and documentation. */
export const closeMeanings: Readonly<Record<CloseCode, string>> = {
  1000: 'normal end',
  1001: 'going away',
  1002: 'protocol broken',
  1007: 'not UTF-8',
  1008: 'policy',
  1009: 'frame too big',
  1011: 'internal error',
  1012: 'restart',
  1013: 'overload',
  4400: 'bad frames',
  4401: 'token missing or expired',
  4403: 'revoked or forbidden',
  4404: 'session unknown',
  4406: 'resumable profile required',
  4408: 'no hello in time',
  4409: 'opened in too many places',
  4429: 'rate limited',
  4499: 'dead socket',
};

/** What to do after a close; codes not in the table (1005, 1006, unknown ones) are tried again. */
export const closeAction = (code: number): CloseAction =>
  (closeActions as Readonly<Record<number, CloseAction>>)[code] ?? 'retry';

/** Every error code of the protocol, the HTTP side included, and whether the same request can succeed later unchanged. */
export const errorCodes = {
  bad_json: false,
  bad_frame: false,
  unsupported_type: false,
  hello_required: false,
  unauthorized: false,
  session_unknown: false,
  session_expired: false,
  session_closed: false,
  session_mismatch: false,
  session_revoked: false,
  message_empty: false,
  message_too_long: false,
  too_many_files: false,
  file_too_large: false,
  file_size_mismatch: false,
  file_type_rejected: false,
  file_infected: false,
  upload_unknown: false,
  file_pending: true,
  quota_exceeded: false,
  rate_limited: true,
  busy: true,
  agent_unavailable: true,
  agent_timeout: true,
  reply_cancelled: false,
  position_invalid: false,
  conflict: true,
  draining: true,
  unavailable: true,
  internal: true,
  bad_request: false,
  login_required: false,
  too_slow: true,
  payload_too_large: false,
  unsupported_media_type: false,
  protocol_unsupported: false,
  origin_rejected: false,
  too_many_sockets: true,
  overloaded: true,
  read_model_behind: true,
  tracking_malformed: false,
  tracking_unknown: false,
  not_found: false,
} as const satisfies Record<string, boolean>;

export type ServerErrorCode = keyof typeof errorCodes;

/** Codes that this client makes itself. */
export type LocalErrorCode =
  | 'network' // no answer at all
  | 'aborted' // the application's AbortSignal
  | 'outbox_full' // 20 messages wait already; failed ones do not count
  | 'upload_interrupted' // the page was reloaded while a file was on its way
  | 'storage_unavailable' // sessionStorage is full or forbidden: what waits does not survive a reload
  | 'replaced' // close code 4409
  | 'closed'; // closed by the server for good; `closeCode` says why

/** Codes of newer servers are passed on as they come. */
export type ErrorCode = ServerErrorCode | LocalErrorCode | (string & {});
