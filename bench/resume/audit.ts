/** What became of the messages of one direction. */
export interface Tally {
  readonly expected: number;
  readonly delivered: number;
  readonly lost: number;
  /** Arrivals of a message that had arrived before. */
  readonly doubled: number;
  /** Messages that arrived after one that was said later. */
  readonly outOfOrder: number;
  /** Arrivals of something that was never said. */
  readonly unknown: number;
}

export const noTally: Tally = { expected: 0, delivered: 0, lost: 0, doubled: 0, outOfOrder: 0, unknown: 0 };

/**
 * Compares what arrived with what was said, both as ids in order.
 * @param arrived every arrival, repeated ones too: nothing was sorted out before
 */
export const tally = (said: readonly string[], arrived: readonly string[]): Tally => {
  const order = new Map(said.map((id, index) => [id, index]));
  const seen = new Set<string>();
  let highest = -1;
  let [doubled, outOfOrder, unknown] = [0, 0, 0];
  for (const id of arrived) {
    const index = order.get(id);
    if (index === undefined) unknown += 1;
    else if (seen.has(id)) doubled += 1;
    else {
      seen.add(id);
      if (index < highest) outOfOrder += 1;
      highest = Math.max(highest, index);
    }
  }
  return {
    expected: order.size,
    delivered: seen.size,
    lost: order.size - seen.size,
    doubled,
    outOfOrder,
    unknown,
  };
};

export const addTallies = (one: Tally, other: Tally): Tally => ({
  expected: one.expected + other.expected,
  delivered: one.delivered + other.delivered,
  lost: one.lost + other.lost,
  doubled: one.doubled + other.doubled,
  outOfOrder: one.outOfOrder + other.outOfOrder,
  unknown: one.unknown + other.unknown,
});

export const isPerfect = ({ lost, doubled, outOfOrder, unknown }: Tally): boolean =>
  lost === 0 && doubled === 0 && outOfOrder === 0 && unknown === 0;
