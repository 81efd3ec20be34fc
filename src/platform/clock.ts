/** Where a part of the program takes the time from, so that a test can say what time it is. */
export interface Clock {
  now(): Date;
}

/** The time of the machine. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is told to move; for tests. */
export interface FixedClock extends Clock {
  set(to: Date): void;
  /** Moves the clock on by so many milliseconds. */
  advance(ms: number): void;
}

/** Makes a clock that stands at `start`, an ISO 8601 time. */
export function fixedClock(start: string): FixedClock {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    set: (to) => void (at = to.getTime()),
    advance: (ms) => void (at += ms),
  };
}
