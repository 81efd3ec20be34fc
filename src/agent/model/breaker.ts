/** Leave to ask the model, or not. */
export interface Breaker {
  /**
   * Whether a turn may ask the model now. After a time of rest one turn at a time may try; until it has told its outcome, no other.
   */
  allow(): boolean;
  succeeded(): void;
  /** @param trip opens at once, however few failures there were */
  failed(trip: boolean): void;
  /** The turn that was let through ends without having learned anything of the server. */
  undecided(): void;
  state(): 'closed' | 'open' | 'half_open';
}

/**
 * A circuit breaker: after some failures in a row nobody waits for a server that is down, and it is found again by itself.
 * Each process has its own.
 * @param failures so many in a row open it
 * @param openMs how long it stays open before one turn tries again
 * @param now a clock in ms that never goes back
 */
export const createBreaker = (
  { failures, openMs }: { readonly failures: number; readonly openMs: number },
  now: () => number = () => performance.now(),
): Breaker => {
  let inARow = 0;
  let openUntil: number | undefined;
  /** A turn is trying; should it end without a word (its process stops, the log is away), another may try after this time. */
  let tryingUntil: number | undefined;
  const rests = (): boolean => openUntil !== undefined && now() < openUntil;
  const tries = (): boolean => tryingUntil !== undefined && now() < tryingUntil;
  return {
    allow: () => {
      if (openUntil === undefined) return true;
      if (rests() || tries()) return false;
      tryingUntil = now() + openMs;
      return true;
    },
    succeeded: () => {
      inARow = 0;
      openUntil = undefined;
      tryingUntil = undefined;
    },
    failed: (trip) => {
      inARow += 1;
      if (trip || tries() || inARow >= failures) openUntil = now() + openMs;
      tryingUntil = undefined;
    },
    undecided: () => {
      tryingUntil = undefined;
    },
    state: () => (openUntil === undefined ? 'closed' : rests() ? 'open' : 'half_open'),
  };
};
