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

/** Time to wait after the n-th failure in a row: 100 ms doubling up to 5 s. */
export const backOffMs = (failures: number): number => Math.min(5000, 100 * 2 ** Math.min(failures, 10));
