import { keyString } from '../projections/fold.js';
import type { Row } from '../projections/projection.js';
import type { Snapshot } from './fold-steps.js';
import { show, type Reader, type Shown } from './masking.js';

/** One field of a read model that differs between two moments. `key` names the row; null stands for "was not there". */
export interface Change {
  readonly readModel: string;
  readonly key: Shown;
  readonly column: string;
  readonly before: Shown;
  readonly after: Shown;
}

/** Only compared, never shown. Values of rows are not undefined. */
const asText = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));

/** Columns in which two rows differ; all that are not null for a row that came or went. */
const columnsThatDiffer = (before: Row, after: Row): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (column) => asText(before[column] ?? null) !== asText(after[column] ?? null),
  );

/**
 * Every field of every read model that differs between two moments of a story, row by row. A personal text that was written anew
 * counts as a difference although both are masked.
 */
export async function differences(
  before: Snapshot,
  after: Snapshot,
  reader: Reader,
  sessionIds: readonly string[],
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const [projection, rows] of after) {
    const old = new Map((before.get(projection) ?? []).map((row) => [keyString(projection, row), row]));
    const now = new Map(rows.map((row) => [keyString(projection, row), row]));
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [from, to] = [old.get(name), now.get(name)];
      if (from === to) continue;
      const row = to ?? from ?? {};
      const key = await show(
        Object.fromEntries(projection.key.map((column) => [column, row[column]])),
        reader,
        sessionIds,
      );
      for (const column of columnsThatDiffer(from ?? {}, to ?? {}).filter((each) => !projection.key.includes(each))) {
        const [was, is] = await Promise.all(
          [from, to].map((each) => show({ [column]: each?.[column] ?? null }, reader, sessionIds)),
        );
        changes.push({
          readModel: projection.name,
          key,
          column,
          before: fieldOf(was, column),
          after: fieldOf(is, column),
        });
      }
    }
  }
  return changes;
}

const fieldOf = (shown: Shown | undefined, column: string): Shown =>
  (shown as Readonly<Record<string, Shown>> | undefined)?.[column] ?? null;
