import type { ErrorCode } from './codes.js';
import type { FrameData } from './frames.js';

export interface ClientError {
  readonly code: ErrorCode;
  /** A sentence for people, in the server's words where it said something. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly closeCode?: number | undefined;
  /** Reference for the server's log. */
  readonly ref?: string | undefined;
}

/** What this client itself has to say; not to be tried again unless said otherwise. */
export const makeError = (code: ErrorCode, message: string, retryable = false): ClientError => ({
  code,
  message,
  retryable,
});

/** What an `error` frame or the body of a failed HTTP answer says. */
export const toError = ({ code, error, retryable, retryAfterMs, ref }: FrameData): ClientError => ({
  code: code ?? 'internal',
  message: error ?? 'Something went wrong.',
  retryable: retryable ?? false,
  retryAfterMs,
  ref,
});

/** An error of this client with a stable `code`. */
export class CitizenError extends Error {
  readonly code: ErrorCode;
  constructor(readonly error: ClientError) {
    super(error.message);
    this.name = 'CitizenError';
    this.code = error.code;
  }
}
