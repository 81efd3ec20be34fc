import type { Shown } from '../../replay/masking.js';
import { onOneLine } from '../replay/text.js';

/** One line of a list, by column. */
export type Entry = Readonly<Record<string, Shown>>;

/** What the whole command line has where there is nothing. */
export const NOTHING = '-';

const cell = (value: Shown | undefined): string => {
  if (value === null || value === undefined) return NOTHING;
  const text = onOneLine(typeof value === 'string' ? value : JSON.stringify(value));
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/, '$1 $2');
};

/** Entries with a heading, each column as wide as it must be. */
export function tableText(entries: readonly Entry[]): string {
  const names = Object.keys(entries[0] ?? {});
  const rows = [
    names.map((name) => name.toUpperCase()),
    ...entries.map((entry) => names.map((name) => cell(entry[name]))),
  ];
  const widths = names.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return entries.length === 0 ? 'Nothing.\n' : `${lines.join('\n')}\n`;
}
