import { randomInt } from 'node:crypto';

const FIRST_BACKOFF_MS = 25;
const LONGEST_BACKOFF_MS = 2_000;

/** How long to wait before try number `attempt` (from 0) is repeated: doubling, with half of it left to chance. */
export function backoffMs(attempt: number): number {
  const whole = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10), LONGEST_BACKOFF_MS);
  return whole / 2 + randomInt(Math.ceil(whole / 2) + 1);
}

/** The same with all of it left to chance, for what many processes do at once (coming back after a server was lost). */
export const fullJitterMs = (attempt: number): number =>
  randomInt(Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(attempt, 10), LONGEST_BACKOFF_MS) + 1);

/** Waits so many ms, or until `signal` aborts; never rejects. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });

/** The promise's value, or `'aborted'` as soon as the signal aborts. The promise goes on, its failure then unheard. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.resolve('aborted');
  }
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve('aborted');
    signal.addEventListener('abort', aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** The promise's value, or a rejection with `error()` after so many ms. */
export async function within<T>(promise: Promise<T>, ms: number, error: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
