/** How far a log is known to go, and who waits for it to go further. */
export interface RisingHead {
  readonly position: bigint;
  /** It goes to here at least. A position that it has passed changes nothing. */
  raise(position: bigint): void;
  /** Resolves when it goes beyond the position, or the signal aborts. Never rejects. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;
}

export const createRisingHead = (first: bigint): RisingHead => {
  let head = first;
  const waiting = new Set<() => void>();
  return {
    get position() {
      return head;
    },
    raise(position) {
      if (position <= head) return;
      head = position;
      for (const wake of [...waiting]) wake();
    },
    beyond: (position, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const wake = (): void => {
          if (head > position) done();
        };
        if (head > position || signal.aborted) {
          resolve();
          return;
        }
        waiting.add(wake);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
};
