import type { Difference, ShownRow, VerifyResult, WorkProgress } from '../../projections/admin.js';
import { messageOf, type ExitCode } from '../output.js';
import { jsonLine, withNames, type ProjectionsCommand } from './command.js';
import { grouped, tableText } from './text.js';
import { createWorkDisplay } from './work-progress.js';

export interface VerifyCommand extends ProjectionsCommand {
  /** Empty: all of them, one after the other. */
  readonly names: readonly string[];
  readonly maxLoadPercent?: number | undefined;
  readonly width?: number | undefined;
}

const WIDTH = 120;

const kinds: Readonly<Record<Difference['kind'], string>> = {
  changed: 'the live row differs from what the log says',
  missing_live: 'the live table lacks this row',
  extra_live: 'the live table has this row, and the log tells of none',
};
const valueOf = (row: ShownRow | null, column: string): string =>
  row === null ? '(no row)' : JSON.stringify(row[column]);

const differenceText = ({ kind, key, columns, live, rebuilt, event }: Difference, width: number): string => {
  const cells = columns.map((column) => [`  ${column}`, valueOf(live, column), valueOf(rebuilt, column)]);
  const headings = [{ heading: '  COLUMN' }, { heading: 'LIVE' }, { heading: 'BY THE LOG' }];
  const by = event === null ? 'no event concerns it' : `${event.type}, position ${event.position} (event ${event.id})`;
  return (
    `  first     ${kinds[kind]}\n` +
    `  key       ${Object.keys(key)
      .map((column) => `${column} = ${valueOf(key, column)}`)
      .join(', ')}\n` +
    `  last made by ${by}\n${tableText(headings, cells, width)}`
  );
};

function resultText(name: string, result: VerifyResult, width: number): string {
  switch (result.outcome) {
    case 'same':
      return `${name}: SAME, ${grouped(result.rows)} rows compared at position ${grouped(result.position)}\n`;
    case 'different':
      return (
        `${name}: DIFFERENT, ${grouped(result.count)} of ${grouped(result.rows)} rows at position ${grouped(result.position)}\n` +
        differenceText(result.first, width) +
        `  To mend it: citizen projections rebuild ${name}   (the log is right: rows are only made from it)\n`
      );
    case 'failed': {
      const { eventType, position, message } = result.failure;
      return `${name}: NOT COMPARED, the fold stopped at ${eventType}, position ${position ?? '?'}: ${message}\n`;
    }
    case 'busy':
      return `${name}: NOT COMPARED, another process is verifying it\n`;
    case 'cancelled':
      return `${name}: NOT COMPARED, somebody called it off\n`;
    case 'not_live':
      return `${name}: NOT COMPARED, nothing of this version is live yet; see "citizen projections status"\n`;
  }
}

const exitCodes: Readonly<Record<VerifyResult['outcome'], ExitCode>> = {
  same: 0,
  different: 1,
  failed: 2,
  busy: 2,
  cancelled: 2,
  not_live: 2,
};

/**
 * `citizen projections verify [name…]`: folds the log into throw-away copies and compares them with the live rows, row by row at
 * one position, while servers go on. Values of people are shown as hashes only.
 * @returns 0 when all are the same, 1 when one differs, 2 when one could not be compared
 */
export const runVerify = (command: VerifyCommand): Promise<ExitCode> =>
  withNames(
    command,
    command.names,
    async (known) => {
      const { admin, output, signal, isTty, json, maxLoadPercent, width = WIDTH } = command;
      const nowMs = command.nowMs ?? (() => performance.now());
      const found: { name: string; result: VerifyResult }[] = [];
      for (const name of command.names.length === 0 ? known : command.names) {
        const display = createWorkDisplay({ write: (text) => output.err(text), isTty, nowMs });
        try {
          const onProgress = (progress: WorkProgress): void => display.update(progress);
          const result = await admin.verify(name, { signal, onProgress, maxLoadPercent });
          display.finish();
          found.push({ name, result });
          if (json !== true) output.out(resultText(name, result, width));
        } catch (error) {
          display.finish();
          const why = signal?.aborted === true ? 'stopped' : messageOf(error);
          output.err(`${name}: NOT COMPARED, ${why}. Nothing was changed; run it again.\n`);
          return 2;
        }
      }
      if (json === true) output.out(jsonLine(found.map(({ name, result }) => ({ name, ...result }))));
      return found.reduce<ExitCode>(
        (worst, { result }) => (exitCodes[result.outcome] > worst ? exitCodes[result.outcome] : worst),
        0,
      );
    },
    true,
  );
