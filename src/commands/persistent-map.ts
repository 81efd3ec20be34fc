/**
 * A small immutable map from ids to values: `withEntry` gives a new map and shares all but one path with the old one.
 * A session can have thousands of messages, and every event makes a new state; copying a set each time would cost the
 * square of the conversation's length. Two maps with the same entries are structurally equal, however they were made.
 */
export type PersistentMap<V> = Slot<V>;

type Slot<V> = Branch<V> | Leaf<V> | null;
interface Branch<V> {
  readonly slots: readonly Slot<V>[];
}
/** Keys that share one hash; nearly always a single one. Sorted by key. */
interface Leaf<V> {
  readonly hash: number;
  readonly entries: readonly (readonly [key: string, value: V])[];
}

const BITS = 4;
const WIDTH = 1 << BITS;

/** FNV-1a, 32 bits. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

const indexAt = (hash: number, depth: number): number => (hash >>> (depth * BITS)) & (WIDTH - 1);

const isLeaf = <V>(slot: Branch<V> | Leaf<V>): slot is Leaf<V> => 'entries' in slot;

const withSlot = <V>(slots: readonly Slot<V>[], index: number, slot: Slot<V>): Branch<V> => ({
  slots: slots.map((old, at) => (at === index ? slot : old)),
});

const insert = <V>(slot: Slot<V>, depth: number, hash: number, key: string, value: V): Slot<V> => {
  if (slot === null) return { hash, entries: [[key, value]] };
  if (!isLeaf(slot)) {
    const index = indexAt(hash, depth);
    return withSlot(slot.slots, index, insert(slot.slots[index] ?? null, depth + 1, hash, key, value));
  }
  if (slot.hash === hash) {
    const others = slot.entries.filter(([other]) => other !== key);
    return { hash, entries: [...others, [key, value] as const].sort(([a], [b]) => (a < b ? -1 : 1)) };
  }
  const empty: Slot<V>[] = new Array<Slot<V>>(WIDTH).fill(null);
  return insert(withSlot(empty, indexAt(slot.hash, depth), slot), depth, hash, key, value);
};

export const emptyMap = <V>(): PersistentMap<V> => null;

/** The map with `key` set to `value`. The old map stays as it is. */
export const withEntry = <V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> =>
  insert(map, 0, hashOf(key), key, value);

/** The value of `key`, or undefined. */
export const entryOf = <V>(map: PersistentMap<V>, key: string): V | undefined => {
  const hash = hashOf(key);
  let slot = map;
  for (let depth = 0; slot !== null; depth++) {
    if (isLeaf(slot)) return slot.entries.find(([other]) => other === key)?.[1];
    slot = slot.slots[indexAt(hash, depth)] ?? null;
  }
  return undefined;
};
