import type { SessionState } from '../commands/session/state.js';

/** A message that this process took in. */
export interface Taken {
  readonly messageId: string;
  /** By the clock that never goes back. */
  readonly atMs: number;
}

/** Remembers of each session that waits for its turn which message this process has just taken in. */
export interface TakenIn {
  add(sessionId: string, messageId: string): void;
  /** Gives it once. */
  take(sessionId: string): Taken | undefined;
  /**
   * The session without reading the log. When the message is the only one that waits, nobody else can have answered it: other
   * processes leave it alone for the grace, and there was nothing else for them to answer. Whatever else came since is met when the
   * turn is appended. Undefined: the log must be read.
   */
  stateFor(sessionId: string, taken: Taken | undefined): SessionState | undefined;
}

/**
 * @param graceMs how long the process that took a message in has the first go at it
 * @param recall the session as this process saw it last; reads nothing
 * @param nowMs a clock that never goes back; for tests
 */
export const createTakenIn = (
  graceMs: number,
  recall: (sessionId: string) => SessionState | undefined,
  nowMs: () => number = () => performance.now(),
): TakenIn => {
  const waiting = new Map<string, Taken>();
  return {
    add: (sessionId, messageId) => void waiting.set(sessionId, { messageId, atMs: nowMs() }),
    take: (sessionId) => {
      const taken = waiting.get(sessionId);
      waiting.delete(sessionId);
      return taken;
    },
    stateFor: (sessionId, taken) => {
      if (taken === undefined || nowMs() - taken.atMs >= graceMs) return undefined;
      const state = recall(sessionId);
      return state?.pending.length === 1 && state.pending[0]?.messageId === taken.messageId ? state : undefined;
    },
  };
};
