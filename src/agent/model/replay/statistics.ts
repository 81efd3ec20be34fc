/** A share with what it may be in truth. */
export interface Share {
  readonly of: number;
  readonly hits: number;
  /** 0 to 1; null without a single case. */
  readonly share: number | null;
  /** 95 % interval of Wilson; 0 and 1 without a single case. */
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959963984540054;

/** Share of hits with its 95 % interval by Wilson, which stays honest with few cases and at the ends. */
export const wilson = (hits: number, of: number): Share => {
  if (of === 0) return { of, hits, share: null, low: 0, high: 1 };
  const share = hits / of;
  const z2 = Z95 ** 2;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z95 / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of ** 2));
  return { of, hits, share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};

/** Whether two ways differ on the same cases. */
export interface McNemar {
  /** Right the old way, wrong the new way. */
  readonly onlyOld: number;
  readonly onlyNew: number;
  /** Two-sided, exact: how likely a difference at least so large is if neither way is better. */
  readonly p: number;
}

/** The exact test of McNemar on the cases that the two ways judge differently. */
export const mcNemar = (pairs: readonly { readonly old: boolean; readonly fresh: boolean }[]): McNemar => {
  const onlyOld = pairs.filter(({ old, fresh }) => old && !fresh).length;
  const onlyNew = pairs.filter(({ old, fresh }) => !old && fresh).length;
  const n = onlyOld + onlyNew;
  // In logarithms: 0.5 to the power of thousands is no number any more.
  let term = n * Math.log(0.5);
  let sum = 0;
  for (let k = 0; k <= Math.min(onlyOld, onlyNew); k += 1) {
    sum += Math.exp(term);
    term += Math.log(n - k) - Math.log(k + 1);
  }
  return { onlyOld, onlyNew, p: n === 0 ? 1 : Math.min(1, 2 * sum) };
};
