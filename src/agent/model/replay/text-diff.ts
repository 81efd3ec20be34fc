/** One part of a comparison: in both texts, only in the old one, or only in the new one. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const MAX_SENTENCES = 200;

const sentencesOf = (text: string): readonly string[] =>
  (text.match(/[^.!?…\n]+[.!?…]*|\n/gu) ?? [])
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .slice(0, MAX_SENTENCES);

/** Compares two texts sentence by sentence: the longest common run of sentences stays, the rest is taken out or put in. */
export const diffTexts = (old: string, fresh: string): readonly DiffLine[] => {
  const [a, b] = [sentencesOf(old), sentencesOf(fresh)];
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = longest[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      [i, j] = [i + 1, j + 1];
    } else if (right === undefined || (left !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: left ?? '' });
      i += 1;
    } else {
      lines.push({ sign: '+', text: right });
      j += 1;
    }
  }
  return lines;
};
