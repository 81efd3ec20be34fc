/**
 * How far a durable reactor has come in the log. A checkpoint belongs to one log (its `logId`): of another log nothing was
 * handled yet. PostgreSQL: `src/events/postgres/reactor-checkpoints.ts`.
 */
export interface ReactorCheckpoints {
  /** Position of the last event handled; 0n when none was. */
  load(name: string): Promise<bigint>;
  /** Never moves a checkpoint back. */
  save(name: string, position: bigint): Promise<void>;
}

/** Checkpoints in memory, for tests. */
export const createMemoryCheckpoints = (): ReactorCheckpoints => {
  const positions = new Map<string, bigint>();
  return {
    load: (name) => Promise.resolve(positions.get(name) ?? 0n),
    save: (name, position) => {
      if (position > (positions.get(name) ?? 0n)) positions.set(name, position);
      return Promise.resolve();
    },
  };
};
