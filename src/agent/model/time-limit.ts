import { TURN_TIME_OVER } from './call-model.js';

/**
 * Stops the model when the turn is ended from outside, or when its time is up.
 * @param ms time of the turn
 * @param now a clock in ms that never goes back
 */
export const limitTime = (signal: AbortSignal, ms: number, now: () => number) => {
  const ending = new AbortController();
  const until = now() + ms;
  const stop = (): void => ending.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => ending.abort(TURN_TIME_OVER), ms);
  return {
    signal: ending.signal,
    timeLeftMs: () => until - now(),
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
};
