/** The ids added last; older ones are forgotten. */
export interface RecentIds {
  add(id: string): void;
  has(id: string): boolean;
}

/** Remembers between `capacity` and twice as many ids, in two generations, at constant cost. */
export const createRecentIds = (capacity: number): RecentIds => {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    add: (id) => {
      young.add(id);
      if (young.size < capacity) return;
      old = young;
      young = new Set();
    },
    has: (id) => young.has(id) || old.has(id),
  };
};
