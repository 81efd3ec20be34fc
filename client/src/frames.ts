// The frames of `leoma.chat.v1` (PROTOCOL.md). Unknown types and keys are ignored, so every field is optional here until read.

export const PROTOCOL = 'leoma.chat.v1';

export type Role = 'agent' | 'citizen' | 'officer' | 'system';

export interface QuickReply {
  readonly label: string;
  /** The text that choosing it sends. */
  readonly send: string;
}

/** A file that a message refers to: uploaded before, or inline (up to 32 KiB of base64). */
export type Media =
  | { readonly uploadId: string; readonly name?: string; readonly type?: string; readonly size?: number }
  | { readonly name: string; readonly type: string; readonly size: number; readonly data: string };

export interface MediaInfo {
  readonly uploadId?: string | undefined;
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly size?: number | undefined;
  /** Never told here. */
  readonly data?: undefined;
}

export type ClientFrame =
  | {
      readonly type: 'hello';
      readonly data: {
        readonly token: string;
        readonly resume: { readonly position: string } | null;
        readonly client: { readonly name: string; readonly version: string };
        readonly want: readonly ('delta' | 'receipts')[];
      };
    }
  | {
      readonly type: 'message';
      readonly id?: string;
      readonly data: {
        readonly message: string;
        readonly sessionId: string;
        readonly media?: readonly Media[] | undefined;
      };
    }
  | { readonly type: 'typing'; readonly data: { readonly isTyping: boolean } }
  | { readonly type: 'read'; readonly data: { readonly position: string } }
  | { readonly type: 'cancel'; readonly id: string; readonly data: { readonly replyId: string } }
  | {
      readonly type: 'history';
      readonly id: string;
      readonly data: { readonly before?: string | undefined; readonly limit: number };
    }
  | { readonly type: 'ping'; readonly data: { readonly t: number } }
  | { readonly type: 'bye' };

/** What may stand in the `data` of any server frame. */
export interface FrameData {
  readonly sessionId?: string;
  readonly message?: string;
  readonly role?: Role;
  readonly clientId?: string;
  readonly replyId?: string;
  readonly media?: readonly MediaInfo[];
  readonly quickReplies?: readonly QuickReply[];
  readonly trackingNumber?: string | null;
  readonly state?: string;
  readonly isTyping?: boolean;
  readonly who?: string;
  readonly position?: string;
  readonly duplicate?: boolean;
  readonly offset?: number;
  readonly text?: string;
  readonly phase?: 'started' | 'finished' | 'aborted';
  readonly reason?: string;
  readonly items?: readonly ServerFrame[];
  readonly complete?: boolean;
  readonly error?: string | undefined;
  readonly code?: string | undefined;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly ref?: string | undefined;
  readonly reconnectAfterMs?: number;
  readonly deadlineMs?: number;
  readonly epoch?: string;
  readonly recovered?: boolean;
  readonly replay?: number;
  readonly running?: { readonly replyId: string; readonly offset: number } | null;
  readonly heartbeatMs?: number;
  readonly limits?: Limits;
  readonly reconnect?: Partial<ReconnectPolicy>;
}

export interface ServerFrame {
  readonly type: string;
  readonly id?: string;
  readonly position?: string;
  readonly prev?: string | null;
  readonly at?: string;
  readonly data: FrameData;
}

/** Limits as the server announces them; a client only uses them to refuse early. */
export type Limits = Readonly<Record<string, number>>;

/** Full jitter: a wait is drawn evenly from 0 to min(maxMs, minMs × factor^attempt). Milliseconds. */
export interface ReconnectPolicy {
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
}

/** Takes a frame as it came; `data` is always there afterwards. */
export const toFrame = (value: unknown): ServerFrame => ({
  ...(value as ServerFrame),
  data: (value as Partial<ServerFrame> | null)?.data ?? {},
});

/** Reads one text frame; null when it is not JSON. What it says is looked at where it is used. */
export const parseFrame = (text: unknown): ServerFrame | null => {
  try {
    return toFrame(JSON.parse(text as string));
  } catch {
    return null;
  }
};
