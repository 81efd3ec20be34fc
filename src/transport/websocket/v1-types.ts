import type { AnyRecorded } from '../../events/catalogue/index.js';
import type { LimitSettings } from '../protocol/announced-limits.js';
import type { CloseCode } from '../protocol/codes.js';
import type { V1Decoded, V1Media } from '../protocol/v1-client-frames.js';
import type { V1DurableFrame, V1ServerFrame } from '../protocol/v1-server-frames.js';
import type { ProtocolError, Result } from '../protocol/result.js';
import type { HistoryPage } from '../read-history.js';
import type { ReplyNews, RunningReply } from '../running-replies.js';
import type { FrameFold } from '../session-frames.js';
import type { Allowance } from '../token-bucket.js';
import type { Moment, Posted } from './connection.js';

// The machine of the resumable profile: (state, input, moment) → [state, effects]; see `v1-connection.ts`.

export interface V1Settings extends LimitSettings {
  readonly rateLimits: boolean;
  readonly helloTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly slowSocketBytes: number;
  readonly slowAckMs: number;
  readonly sessionIdleHours: number;
  readonly sessionMaxAgeHours: number;
}

/** Where a client was: nowhere yet, at the event of this revision, or at a place that this log does not know. */
export type ResumeFrom = number | null | 'elsewhere';

/** Whose connection it is, once its token was found good. */
export interface Greeted {
  readonly sessionId: string;
  readonly epoch: string;
  readonly resume: ResumeFrom;
  /** Events come from the one after this fold. */
  readonly fold: FrameFold;
  readonly running: RunningReply | null;
}

export type V1Input =
  | { readonly type: 'frame'; readonly decoded: V1Decoded; readonly bytes: number; readonly allowance: Allowance }
  | { readonly type: 'binary' }
  | { readonly type: 'greeted'; readonly result: Result<Greeted, ProtocolError> }
  /** Opened events of the session, in order, without a gap, from the one after the fold that was given. */
  | { readonly type: 'events'; readonly events: readonly AnyRecorded[] }
  /** All events that the log held when this connection joined have been given. */
  | { readonly type: 'caught-up' }
  | { readonly type: 'posted'; readonly id: string; readonly result: Result<Posted, ProtocolError> }
  | { readonly type: 'history'; readonly id: string | undefined; readonly result: Result<HistoryPage, ProtocolError> }
  /** What came of `cancel` when it could not be done. */
  | { readonly type: 'refused'; readonly id: string | undefined; readonly error: ProtocolError }
  | { readonly type: 'reply'; readonly news: ReplyNews }
  | { readonly type: 'pong'; readonly payload: string }
  | { readonly type: 'tick' }
  | { readonly type: 'replaced' }
  | { readonly type: 'fragment-flood' }
  | { readonly type: 'frame-overdue' }
  /** The server will stop: come back after so many ms; `deadlineMs` from now it ends. */
  | { readonly type: 'drain'; readonly reconnectAfterMs: number; readonly deadlineMs: number }
  | { readonly type: 'shutdown' }
  | { readonly type: 'failed'; readonly ref: string }
  | { readonly type: 'closed' };

export type V1Effect =
  | { readonly type: 'send'; readonly frame: V1ServerFrame }
  | { readonly type: 'ping'; readonly payload: string }
  /** Check the token, then give `greeted`, events and `caught-up`. */
  | { readonly type: 'greet'; readonly token: string; readonly resume: string | null }
  | { readonly type: 'post'; readonly id: string; readonly text: string; readonly media: readonly V1Media[] }
  | {
      readonly type: 'history';
      readonly id: string | undefined;
      readonly before: number | null;
      readonly limit: number;
    }
  | { readonly type: 'read'; readonly revision: number }
  | { readonly type: 'cancel'; readonly id: string | undefined; readonly replyId: string }
  /** The fold may be kept for others. */
  | { readonly type: 'checkpoint'; readonly fold: FrameFold }
  | { readonly type: 'resumed'; readonly outcome: 'fresh' | 'recovered' | 'rebuilt' }
  | { readonly type: 'delta'; readonly outcome: 'sent' | 'coalesced' }
  | { readonly type: 'close'; readonly code: CloseCode; readonly reason: string }
  | { readonly type: 'terminate' }
  | { readonly type: 'log'; readonly event: string; readonly fields: Readonly<Record<string, string | number>> };

export interface V1State {
  readonly phase: 'awaiting-hello' | 'verifying' | 'replaying' | 'live' | 'closing' | 'closed';
  /** Token of the subprotocols, if any. */
  readonly offeredToken: string | null;
  /** Pings are answered (a WebSocket); over SSE they only keep the line open. */
  readonly answersPings: boolean;
  readonly helloBy: number;
  readonly framesBefore: number;
  readonly bytesBefore: number;
  readonly sessionId: string;
  readonly epoch: string;
  readonly resume: ResumeFrom;
  /** The place that was named is one of a frame. */
  readonly resumeFound: boolean;
  readonly wantsDelta: boolean;
  readonly fold: FrameFold;
  /** Frames that were read and wait for `welcome`; the newest ones. */
  readonly waiting: readonly V1DurableFrame[];
  readonly running: (RunningReply & { readonly sent: number }) | null;
  /** Reply whose message was sent last: what is still told of its text comes too late. */
  readonly said: string | null;
  readonly typingShown: boolean;
  /** Messages on their way into the log. */
  readonly posting: number;
  /** Revisions of messages that are in the log, but whose events have not come by yet. */
  readonly accepted: readonly number[];
  readonly historyAsked: boolean;
  readonly strikes: number;
  readonly badFrames: number;
  /** Bucket of all frames of this connection (see `token-bucket.ts`). */
  readonly frameBucket: number;
  readonly nextPingAt: number;
  readonly missedPings: number;
  /** Frames since the last receipt was asked for, and when one was asked for that has not come yet. */
  readonly unconfirmed: number;
  readonly receiptAskedAt: number | null;
  /** Time of the end once the server drains. */
  readonly drainBy: number | null;
  readonly terminateAt: number;
}

export type V1Step = readonly [V1State, readonly V1Effect[]];
export type { Moment };
