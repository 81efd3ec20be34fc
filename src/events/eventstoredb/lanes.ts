import { storeUnavailable } from '../store.js';

/** Work on streams: one after the other for each, many at the same time in all. */
export interface Lanes {
  run<T>(stream: string, work: () => Promise<T>): Promise<T>;
  /** Refuses new work and waits for what is there. */
  close(): Promise<void>;
}

export const createLanes = (most: number): Lanes => {
  const lanes = new Map<string, (() => Promise<void>)[]>(); // what waits behind the one that runs
  const ready: (() => Promise<void>)[] = [];
  let running = 0;
  let closed = false;
  let onIdle: (() => void) | undefined;

  const start = (): void => {
    for (let next = running < most ? ready.shift() : undefined; next !== undefined;) {
      running += 1;
      void next().finally(() => {
        running -= 1;
        start();
        if (running === 0 && ready.length === 0) onIdle?.();
      });
      next = running < most ? ready.shift() : undefined;
    }
  };
  const leave = (stream: string): void => {
    const next = lanes.get(stream)?.shift();
    if (next === undefined) lanes.delete(stream);
    else ready.push(next);
  };

  return {
    run: (stream, work) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(storeUnavailable('The event store is closed', 'none'));
          return;
        }
        const job = (): Promise<void> =>
          work()
            .then(resolve, reject)
            .finally(() => leave(stream));
        const behind = lanes.get(stream);
        if (behind === undefined) {
          lanes.set(stream, []);
          ready.push(job);
        } else {
          behind.push(job);
        }
        start();
      }),
    async close() {
      closed = true;
      if (running > 0 || ready.length > 0) await new Promise<void>((resolve) => (onIdle = resolve));
    },
  };
};
