/** How far a projection has got, and who waits for it. */
export interface Progress {
  readonly position: bigint;
  reach(position: bigint): void;
  /** Resolves when the position is reached, or after `timeoutMs`, whichever comes first. */
  changed(position: bigint, timeoutMs: number): Promise<void>;
}

export function createProgress(): Progress {
  let reached = 0n;
  const waiting = new Set<{ readonly position: bigint; readonly go: () => void }>();
  return {
    get position() {
      return reached;
    },
    reach(position) {
      if (position > reached) reached = position;
      for (const waiter of waiting) if (waiter.position <= reached) waiter.go();
    },
    changed: (position, timeoutMs) =>
      position <= reached
        ? Promise.resolve()
        : new Promise((resolve) => {
            const done = (): void => {
              clearTimeout(timer);
              waiting.delete(waiter);
              resolve();
            };
            const timer = setTimeout(done, timeoutMs);
            const waiter = { position, go: done };
            waiting.add(waiter);
          }),
  };
}
