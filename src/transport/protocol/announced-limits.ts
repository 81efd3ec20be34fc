import { MAX_HISTORY, MAX_INLINE_CHARS } from './v1-client-frames.js';

/** Frames that `welcome` is followed by at most; a client that missed more asks for `history`. */
export const REPLAY_FRAMES = 200;

/** The settings that a client is told of. */
export interface LimitSettings {
  readonly maxMessageChars: number;
  readonly maxFilesPerMessage: number;
  readonly maxFileBytes: number;
  readonly v1FrameBytes: number;
  readonly messageBurst: number;
  readonly messageRefillMs: number;
  readonly maxPendingTurns: number;
}

/** Limits that a client may want to know before it runs into them, in `welcome` and in the answer that opens a session. */
export const announcedLimits = (settings: LimitSettings): Record<string, number> => ({
  messageChars: settings.maxMessageChars,
  filesPerMessage: settings.maxFilesPerMessage,
  fileBytes: settings.maxFileBytes,
  inlineChars: MAX_INLINE_CHARS,
  frameBytes: settings.v1FrameBytes,
  messageBurst: settings.messageBurst,
  messageRefillMs: settings.messageRefillMs,
  pendingMessages: settings.maxPendingTurns,
  historyFrames: MAX_HISTORY,
  replayFrames: REPLAY_FRAMES,
});
