/**
 * Does some pieces of work at a time, in order, until all are done, one fails, or the signal stops it.
 * @returns how many were done
 */
export const inParallel = async <T>(
  items: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<number> => {
  const queue = items.values();
  let done = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) {
        if (signal.aborted) return;
        await work(item);
        done += 1;
      }
    }),
  );
  return done;
};
