import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits, or returns early when the signal aborts. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);

/** Runs an async task again and again, never twice at once, until stopped. The task handles its own errors. */
export function every(ms: number, task: () => Promise<void>): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await sleep(ms, stopped.signal);
      if (stopped.signal.aborted) return;
      await task();
    }
  };
  const running = loop();
  return {
    stop() {
      stopped.abort();
      return running;
    },
  };
}

/** Lets tasks run one after the other, in the order in which they came. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task, task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** How long who worked for `busyMs` must rest, so that work is `percent` (1 to 100) of the time. */
export const restMs = (busyMs: number, percent: number): number => busyMs * (100 / percent - 1);

/** Pace and time left of work that has done so many events and has so many left. @param tookMs the rests that it owes included */
export function paceOf(
  done: bigint,
  left: bigint,
  tookMs: number,
): { readonly eventsPerSecond: number; readonly etaSeconds: number | null } {
  const eventsPerSecond = (Number(done) * 1000) / Math.max(1, tookMs);
  return { eventsPerSecond, etaSeconds: eventsPerSecond > 0 ? Number(left) / eventsPerSecond : null };
}

/**
 * Time to wait after the n-th failure in a row, in ms: 100 doubling up to 5,000, of which the second half is left to chance, so
 * that those whom one fault stopped do not all come back at once.
 */
export function backOffMs(failures: number, chance: (below: number) => number = randomInt): number {
  const longest = Math.min(5000, 100 * 2 ** Math.min(failures, 10));
  return longest / 2 + chance(longest / 2 + 1);
}
