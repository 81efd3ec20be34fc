/** Sessions that wait for a turn: each at most once, first come first served, so many at a time, never one session twice at once. */
export interface TurnQueue {
  /** Puts a session in line. While its turn runs it is put in line again afterwards. */
  add(sessionId: string): void;
  /** Takes no more; resolves when the running ones have ended. */
  drain(): Promise<void>;
  /** Waiting and running ones. */
  size(): number;
}

/**
 * @param concurrency sessions worked on at a time
 * @param work one turn of one session; its own errors are its own business. Gives true when the session has more to do:
 *        it then goes to the end of the line, so that a talkative session does not keep others waiting
 */
export const createTurnQueue = (concurrency: number, work: (sessionId: string) => Promise<boolean>): TurnQueue => {
  // A Set keeps the order in which sessions came.
  const waiting = new Set<string>();
  const running = new Set<string>();
  const comeBack = new Set<string>();
  let draining = false;
  let idle: (() => void) | undefined;

  const next = (): string | undefined => {
    for (const sessionId of waiting) {
      waiting.delete(sessionId);
      return sessionId;
    }
    return undefined;
  };

  const run = async (sessionId: string): Promise<void> => {
    running.add(sessionId);
    const more = await work(sessionId).catch(() => false);
    running.delete(sessionId);
    const again = comeBack.delete(sessionId) || more;
    if (again && !draining) waiting.add(sessionId);
    pump();
  };

  const pump = (): void => {
    while (!draining && running.size < concurrency) {
      const sessionId = next();
      if (sessionId === undefined) break;
      void run(sessionId);
    }
    if (running.size === 0) idle?.();
  };

  return {
    add: (sessionId) => {
      if (draining) return;
      if (running.has(sessionId)) comeBack.add(sessionId);
      else waiting.add(sessionId);
      pump();
    },
    drain: () => {
      draining = true;
      waiting.clear();
      return running.size === 0 ? Promise.resolve() : new Promise((resolve) => (idle = resolve));
    },
    size: () => waiting.size + running.size,
  };
};
