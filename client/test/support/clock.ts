/** Virtual time: timers run in order of their due time, and promises settle in between. Nothing waits for real. */
export interface Clock {
  readonly now: () => number;
  readonly set: (run: () => void, ms: number) => number;
  readonly clear: (timer: unknown) => void;
  /** Lets so many milliseconds pass. */
  readonly advance: (ms: number) => Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createClock = (): Clock => {
  let now = Date.UTC(2026, 0, 1);
  let last = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();

  const next = (until: number): readonly [number, () => void] | null => {
    let best: number | null = null;
    for (const [id, { at }] of timers) {
      if (at <= until && (best === null || at < timers.get(best)!.at)) best = id;
    }
    if (best === null) return null;
    const { at, run } = timers.get(best)!;
    timers.delete(best);
    now = Math.max(now, at);
    return [at, run];
  };

  return {
    now: () => now,
    set: (run, ms) => {
      last += 1;
      timers.set(last, { at: now + Math.max(0, ms), run });
      return last;
    },
    clear: (timer) => {
      timers.delete(timer as number);
    },
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (let due = next(until); due !== null; due = next(until)) {
        due[1]();
        await settle();
      }
      now = until;
    },
  };
};

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export const createChance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
