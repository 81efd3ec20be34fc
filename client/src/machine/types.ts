import type { ClientError } from '../errors.js';
import type {
  ClientFrame,
  Limits,
  Media,
  MediaInfo,
  QuickReply,
  ReconnectPolicy,
  Role,
  ServerFrame,
} from '../frames.js';

// What the pure machine `(state, input, moment) → [state, effects]` knows, hears and asks for. No socket, clock or storage here.

/** States of the connection. `failed` needs a person (or the application) to go on; all others go on by themselves. */
export type Phase = 'idle' | 'connecting' | 'greeting' | 'replaying' | 'live' | 'backoff' | 'failed';
/** `classic`: a server that does not offer `leoma.chat.v1`; no acknowledgement, no resume. */
export type Transport = 'websocket' | 'sse' | 'classic';

/** `waiting` here, `sent` but not confirmed, `received` durably by the office, `failed` (see `error`; `retry` sends it again). */
export type MessageState = 'waiting' | 'sent' | 'received' | 'failed';

export interface ChatMessage {
  /** Stable from the first bubble to the end: the client id of a citizen's message, else the server's id. */
  readonly id: string;
  readonly role: Role;
  readonly text: string;
  readonly state: MessageState;
  /** ISO 8601: when the server recorded it; when it was written, while it waits. */
  readonly at: string;
  /** Opaque place in the session's log; absent until received. */
  readonly position?: string | undefined;
  readonly media: readonly MediaInfo[];
  readonly quickReplies: readonly QuickReply[];
  readonly replyId?: string | undefined;
  readonly sessionState?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly error?: ClientError | undefined;
  /** Share of the files that has been uploaded, 0 to 1, while it goes on. */
  readonly progress?: number | undefined;
}

export interface Session {
  readonly sessionId: string;
  readonly websocketUrl: string;
  readonly protocols: readonly string[];
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly limits: Limits;
}

/** What a reload leaves in sessionStorage. */
export interface Restored {
  readonly session: Session | null;
  readonly position: string | null;
  readonly outbox: readonly OutboxItem[];
}

/** One durable frame, in the order of the session's log. `message: null` for a status. */
export interface LogEntry {
  readonly position: string | null;
  readonly prev: string | null;
  readonly message: ChatMessage | null;
}

export interface OutboxItem {
  readonly id: string;
  readonly text: string;
  readonly at: string;
  readonly media: readonly Media[];
  /** `received`: acknowledged, shown here until its durable frame comes, and not stored any more. */
  readonly state: MessageState;
  /** Its files are not there yet (or could not be sent): it never goes without them, and what comes after it waits too. */
  readonly uploading?: boolean | undefined;
  readonly progress?: number | undefined;
  readonly tries: number;
  readonly error?: ClientError | undefined;
}

/** A reply that is being written. */
export interface StreamingReply {
  readonly replyId: string;
  readonly text: string;
}

/** Frames that are missing between `after` (null: the session's start) and `before`; asked for with `history`. */
export interface Hole {
  readonly after: string | null;
  readonly before: string;
}

export interface MachineState {
  readonly phase: Phase;
  readonly session: Session | null;
  /** The session is over: nothing may stay in storage. */
  readonly ended: boolean;
  /** The current socket; inputs of others are ignored. */
  readonly socket: string | null;
  readonly transport: Transport | null;
  readonly welcomed: boolean;
  readonly attempt: number;
  /** WebSockets in a row that never got as far as `welcome`. */
  readonly blocked: number;
  readonly refreshed: boolean;
  readonly notBefore: number;
  /** Milliseconds that the server asked to wait. */
  readonly hintMs?: number | undefined;
  readonly policy: ReconnectPolicy;
  readonly heartbeatMs: number;
  readonly misses: number;
  readonly hidden: boolean;
  readonly offline: boolean;
  readonly epoch: string | null;
  readonly position: string | null;
  readonly replayLeft: number;
  readonly replayHead: string | null;
  readonly firstOfReplay: boolean;
  readonly log: readonly LogEntry[];
  readonly holes: readonly Hole[];
  /** Id of the history request that fills the last hole. */
  readonly filling: string | null;
  readonly outbox: readonly OutboxItem[];
  readonly inFlight: string | null;
  readonly held: boolean;
  readonly streaming: readonly StreamingReply[];
  readonly typing: string | null;
  readonly read: string | null;
  readonly conversation: { readonly state: string | null; readonly trackingNumber: string | null };
  readonly error: ClientError | null;
  /** Leave out what lies before the first replay until somebody asks for it. */
  readonly earlier?: 'asked' | undefined;
}

export type TimerName =
  | 'connect' // a socket that does not open, a greeting or replay that does not come
  | 'reconnect'
  | 'ping'
  | 'ack'
  | 'history'
  | 'hold' // until a refused message is tried again
  | 'uptime'
  | 'refresh'
  | 'drain'
  | 'probe'; // WebSocket again, while on SSE

export type Input =
  | { readonly type: 'start'; readonly restored: Restored | null }
  | { readonly type: 'stop' | 'end' | 'read' }
  /** The network or the view changed. */
  | { readonly type: 'surroundings'; readonly online?: boolean; readonly visible?: boolean }
  | { readonly type: 'session'; readonly session: Session }
  | { readonly type: 'no_session'; readonly error: ClientError }
  | { readonly type: 'token'; readonly token: string; readonly expiresAt: number }
  | { readonly type: 'no_token'; readonly error: ClientError; readonly status: number }
  | { readonly type: 'opened'; readonly socket: string }
  | { readonly type: 'frame'; readonly socket: string; readonly frame: ServerFrame }
  | { readonly type: 'closed'; readonly socket: string; readonly code: number; readonly reason: string }
  | { readonly type: 'timer'; readonly name: TimerName }
  | {
      readonly type: 'send';
      readonly id: string;
      readonly text: string;
      readonly media: readonly Media[];
      readonly uploading: boolean;
    }
  | { readonly type: 'progress'; readonly id: string; readonly share: number }
  | { readonly type: 'uploaded'; readonly id: string; readonly media: readonly Media[] }
  | { readonly type: 'upload_failed'; readonly id: string; readonly error: ClientError }
  | { readonly type: 'retry'; readonly id: string; readonly uploading: boolean }
  | { readonly type: 'discard'; readonly id: string }
  | { readonly type: 'typing'; readonly isTyping: boolean }
  | { readonly type: 'cancel'; readonly id: string; readonly replyId: string }
  | { readonly type: 'history'; readonly id: string; readonly before: string | null; readonly limit: number };

export type InputOf<K extends Input['type']> = Extract<Input, { readonly type: K }>;

/** What an application can listen to. */
export interface ClientEvents {
  /** A message newly in the transcript, in order; replayed ones too. */
  readonly message: ChatMessage;
  readonly status: { readonly state: string | null; readonly trackingNumber: string | null };
  readonly typing: { readonly isTyping: boolean; readonly who: string | null };
  readonly delta: StreamingReply;
  readonly reply: {
    readonly replyId: string;
    readonly phase: 'started' | 'finished' | 'aborted';
    readonly reason?: string | undefined;
  };
  readonly state: Phase;
  readonly ack: { readonly id: string; readonly position: string | null; readonly duplicate: boolean };
  readonly error: ClientError;
  /** `unknown`: the server does not know the session any more, a new one follows. `rebuilt`: the transcript starts afresh. */
  readonly session: {
    readonly sessionId: string | null;
    readonly reason: 'created' | 'resumed' | 'unknown' | 'rebuilt' | 'ended';
  };
}

export type Emission = {
  [K in keyof ClientEvents]: { readonly type: 'emit'; readonly event: K; readonly payload: ClientEvents[K] };
}[keyof ClientEvents];

export interface HistoryPage {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Nothing lies before these. */
  readonly complete: boolean;
}

export type Effect =
  | { readonly type: 'create_session' }
  | { readonly type: 'refresh'; readonly session: Session }
  | { readonly type: 'open'; readonly socket: string; readonly transport: Transport; readonly session: Session }
  | { readonly type: 'send'; readonly frame: ClientFrame }
  /** Detach first: whatever the old socket still says is not heard any more. Clears every timer but `refresh`. */
  | { readonly type: 'close'; readonly code: number }
  /** `ms: null` clears. Setting a running timer restarts it. */
  | { readonly type: 'timer'; readonly name: TimerName; readonly ms: number | null }
  | { readonly type: 'history_page'; readonly id: string; readonly page: HistoryPage | ClientError }
  | Emission;

/** What is taken from outside for one step. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A number from 0 to 1 (exclusive), for jitter. */
  readonly chance: number;
  /** An unused id, for a request that the machine makes itself. */
  readonly id: string;
}

/** One step in the making: this step's own copy of the state (nested values are never changed) and what it asks for. */
export type Turn = { -readonly [K in keyof MachineState]: MachineState[K] } & {
  readonly fx: Effect[];
  readonly at: Moment;
};
