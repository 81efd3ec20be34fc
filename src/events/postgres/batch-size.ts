/**
 * Decides how many of the requests that wait go into the next batch. Two halves, one after the other, let this process work
 * while the server does, but cost one more flush to disk: worth it on a fast disk, not on a slow one.
 */
export interface BatchSizer {
  /** How many of `ready` requests to send now. */
  next(ready: number): number;
  /** A batch that was sent while nothing else was under way took so long. */
  measured(events: number, ms: number): void;
}

/** With fewer requests than this there is nothing to gain. */
const WORTH_SPLITTING = 16;
/** What one event costs the server and this process, without the flush; measured on a slow machine. */
const SERVER_MS_PER_EVENT = 0.03;
const OWN_MS_PER_EVENT = 0.025;
/** Weight of the newest measurement. */
const NEWEST = 0.1;

export function createBatchSizer(): BatchSizer {
  let flushMs = 1;
  return {
    next(ready) {
      const gainMs = (ready / 2) * OWN_MS_PER_EVENT;
      return ready >= WORTH_SPLITTING && flushMs < gainMs ? Math.ceil(ready / 2) : ready;
    },
    measured(events, ms) {
      const flush = Math.max(0, ms - events * SERVER_MS_PER_EVENT);
      flushMs += NEWEST * (flush - flushMs);
    },
  };
}
