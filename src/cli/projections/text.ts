/** `1,204` */
export const grouped = (count: number | bigint): string => count.toLocaleString('en-US');

/** `0 s`, `12 s`, `3 min`, `5 h`, `2 d`; a dash when it is not known. */
export function ageOf(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** How much of the log is done, in whole per cent; 100 only when all of it is. */
export const percentOf = (position: bigint, head: bigint): number =>
  head <= 0n || position >= head ? 100 : Math.min(99, Number((position * 100n) / head));

/** Cuts a text to a width, and shows that it did. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

interface Column {
  readonly heading: string;
  readonly right?: boolean;
}

/** Columns as wide as they must be, two spaces apart; the last one is cut where the line would get too long. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 0);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        if (i === last) return cut(cell, Math.max(12, width - before));
        return columns[i]?.right === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}
