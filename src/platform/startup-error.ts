/** Why a start failed; stable, for tests and for people who search for it. */
export type StartupErrorCode =
  | 'bad_configuration'
  | 'bad_event_store_url'
  | 'bad_master_key'
  | 'data_dir_empty'
  | 'data_dir_in_use'
  | 'data_dir_not_ours'
  | 'data_dir_other_version'
  | 'data_dir_unwritable'
  | 'database_unreachable'
  | 'disk_full'
  | 'event_store_refused'
  | 'event_store_too_old'
  | 'event_store_unreachable'
  | 'log_head_missing'
  | 'log_older_than_read_models'
  | 'port_in_use'
  | 'postgres_not_found'
  | 'postgres_start_failed'
  | 'postgres_too_old'
  | 'projection_changed'
  | 'read_model_of_another_log'
  | 'schema_changed'
  | 'schema_forbidden'
  | 'schema_newer'
  | 'wrong_master_key';

/**
 * The server cannot start and a person has to do something. The message says what is wrong and what to do about it,
 * without a secret and without personal data; it is printed alone, without a stack.
 */
export interface StartupError extends Error {
  readonly name: 'StartupError';
  readonly code: StartupErrorCode;
}

/** Makes a `StartupError`; `cause` is kept for debugging and not printed. */
export function startupError(code: StartupErrorCode, message: string, cause?: unknown): StartupError {
  return Object.assign(new Error(message, { cause }), { name: 'StartupError' as const, code });
}

/** Whether an unknown error is a `StartupError` (also one that came from another copy of this module). */
export function isStartupError(error: unknown): error is StartupError {
  return error instanceof Error && error.name === 'StartupError';
}
