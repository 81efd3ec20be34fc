import { errorDefinitions, type ErrorCode } from './codes.js';

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Something that a client is told. `message` is for a person and repeats nothing that the client sent but names of refused files. */
export interface ProtocolError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
  /** The part of the frame or request that is wrong. */
  readonly field?: string | undefined;
  /** Correlation id that also stands in the log. */
  readonly ref?: string | undefined;
  /** Classic profile: whether the message that this answers was kept, as far as that is known. */
  readonly kept?: boolean | undefined;
  /** Classic profile: the client's own id of that message. */
  readonly inReplyTo?: string | undefined;
  /** Files that were not kept, by the names that their sender gave them. Never logged. */
  readonly files?: readonly { readonly name: string; readonly code: string }[] | undefined;
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
