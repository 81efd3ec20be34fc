/** The middle value; half of the values are smaller. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of the values lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Median, least and greatest of several rounds. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  readonly rounds: number;
}

export const figure = (values: readonly number[]): Figure => ({
  median: median(values),
  least: Math.min(...values),
  greatest: Math.max(...values),
  rounds: values.length,
});

/**
 * Runs several things in turn, again and again, so that what else happens on the machine meets all of them alike.
 * @param things by name; each gives its figure for one round
 */
export async function inTurn<N extends string>(
  rounds: number,
  things: Readonly<Record<N, () => Promise<number>>>,
): Promise<Readonly<Record<N, readonly number[]>>> {
  const names = Object.keys(things) as N[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) values[name].push(await things[name]());
  }
  return values;
}
