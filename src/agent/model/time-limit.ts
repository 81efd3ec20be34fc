import { TURN_TIME_OVER } from './call-model.js';

/**
 * Stops the model when the turn is ended from outside, when its time is up, or when nothing was said for too long at its start.
 * @param ms time of the turn
 * @param now a clock in ms that never goes back
 * @param firstTextMs time until `spoke` is called; without it only the whole turn is limited
 */
export const limitTime = (signal: AbortSignal, ms: number, now: () => number, firstTextMs = ms) => {
  const ending = new AbortController();
  const until = now() + ms;
  const silentUntil = now() + Math.min(ms, firstTextMs);
  let silent = true;
  const stop = (): void => ending.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const over = (): void => ending.abort(TURN_TIME_OVER);
  const timer = setTimeout(over, ms);
  const silence = setTimeout(over, Math.min(ms, firstTextMs));
  return {
    signal: ending.signal,
    timeLeftMs: () => (silent ? silentUntil : until) - now(),
    /** The citizen reads something: from now on only the time of the turn counts. */
    spoke: () => {
      silent = false;
      clearTimeout(silence);
    },
    end: () => {
      clearTimeout(timer);
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
    },
  };
};
