/** Means of a server's histograms since it started, read from its metrics port. */
export const readMeans = async (port: number, names: readonly string[]): Promise<Readonly<Record<string, number>>> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return Object.fromEntries(names.map((name) => [name, value(`${name}_sum`) / value(`${name}_count`)]));
};

/** One figure of a server, read from its metrics port; NaN when it is not there. */
export const readGauge = async (port: number, name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
};
