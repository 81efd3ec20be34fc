import type { AnyRecorded } from '../../events/catalogue/index.js';
import type { CloseCode } from '../protocol/codes.js';
import type { ProtocolError, Result } from '../protocol/result.js';
import type { RefusedFile } from '../refused-files.js';
import type { Allowance } from '../token-bucket.js';

// A connection is a pure machine: (state, input, moment) → [state, effects]. Sockets, timers and the log live outside
// (socket-server.ts), so that every rule of the protocol is tested without a socket. One machine per profile.

/** Circumstances of an input that the machine cannot know by itself. */
export interface Moment {
  /** Milliseconds. */
  readonly now: number;
  /** Bytes that were sent and wait in the socket. */
  readonly bufferedBytes: number;
  /** From 0 up to but not 1: jitter comes from outside. */
  readonly chance: number;
}

/** What became of a message that was given to `post`. */
export interface Posted {
  readonly messageId: string;
  /** Revision of its event. */
  readonly revision: number;
  readonly duplicate: boolean;
  /** Files that were not kept, though the rest of the message was; absent: none. */
  readonly refused?: readonly RefusedFile[];
  /** Beside `refused`: the message had a text, and the log has it. */
  readonly textKept?: boolean;
}

export type ConnectionInput =
  | { readonly type: 'text'; readonly text: string; readonly allowance: Allowance }
  | { readonly type: 'binary'; readonly allowance: Allowance }
  /** Opened events of the session, in order, without a gap, from its first one. */
  | { readonly type: 'events'; readonly events: readonly AnyRecorded[] }
  /** All events that the log held when this socket joined have been given. */
  | { readonly type: 'caught-up' }
  | {
      readonly type: 'posted';
      readonly result: Result<Posted, ProtocolError>;
      /** That of the message, if it had one. */
      readonly clientMessageId?: string | undefined;
    }
  | { readonly type: 'pong'; readonly payload: string }
  | { readonly type: 'tick' }
  /** A newer socket of the same session takes this one's place. */
  | { readonly type: 'replaced' }
  | { readonly type: 'fragment-flood' }
  /** A message that was begun is not complete within the frame deadline. */
  | { readonly type: 'frame-overdue' }
  | { readonly type: 'shutdown' }
  | { readonly type: 'failed'; readonly ref: string }
  | { readonly type: 'closed' };

/** A message of the citizen to be recorded. */
export interface MessageToPost<M> {
  readonly text: string;
  readonly media: readonly M[];
  readonly clientMessageId: string | undefined;
  /**
   * Clients without acknowledgements: a file that cannot be taken is refused alone, and the text is recorded. Without it one
   * bad file is a refusal of the message, which such a client still has.
   */
  readonly keepText?: boolean;
  /** Names of files that came beyond the limit of a message, and that limit. */
  readonly leftOut?: readonly string[];
  readonly maxFiles?: number;
}

export type ConnectionEffect<Frame, M> =
  | { readonly type: 'send'; readonly frame: Frame }
  | { readonly type: 'ping'; readonly payload: string }
  | { readonly type: 'post'; readonly message: MessageToPost<M> }
  /** The client surely has everything up to this revision. */
  | { readonly type: 'delivered'; readonly revision: number }
  | { readonly type: 'close'; readonly code: CloseCode; readonly reason: string }
  | { readonly type: 'terminate' }
  | { readonly type: 'log'; readonly event: string; readonly fields: Readonly<Record<string, string | number>> };

export interface ConnectionMachine<State, Frame, M> {
  start(session: { readonly sessionId: string; readonly deliveredRevision: number }, moment: Moment): State;
  step(
    state: State,
    input: ConnectionInput,
    moment: Moment,
  ): readonly [state: State, effects: readonly ConnectionEffect<Frame, M>[]];
  /** Time (ms) at which a `tick` is due. */
  deadline(state: State): number;
  /** Nothing is on its way into the log, no answer is awaited, and nothing waits to be sent. */
  isIdle(state: State): boolean;
}
