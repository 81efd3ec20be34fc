import { errorDefinitions, type ErrorCode } from './codes.js';

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Something that a client is told. `message` is for a person and never repeats what the client sent. */
export interface ProtocolError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** The part of the frame or request that is wrong. */
  readonly field?: string | undefined;
  /** Correlation id that also stands in the log. */
  readonly ref?: string | undefined;
  /** The socket is closed at once with the code's close code. */
  readonly fatal?: boolean | undefined;
}

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const fail = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });

/** An error of the table, with its default text unless `details.message` is given. */
export const protocolError = (code: ErrorCode, details: Partial<Omit<ProtocolError, 'code'>> = {}): ProtocolError => ({
  message: errorDefinitions[code].message,
  ...details,
  code,
});
