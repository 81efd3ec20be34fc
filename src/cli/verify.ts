import { createKeyAudit, type KeyReport, type KeyRows } from '../events/key-audit.js';
import type { EventStore } from '../events/store.js';
import { verifyLog, type LogProblem, type NotedHead, type VerifyReport } from '../events/verify.js';
import { messageOf, type ExitCode, type Output } from './output.js';
import { createProgress } from './progress.js';

export interface VerifyCommand {
  readonly store: EventStore;
  readonly output: Output;
  readonly isTty: boolean;
  /** One JSON object instead of sentences. */
  readonly json?: boolean | undefined;
  /** `<position>:<hash>` from an earlier run. */
  readonly expectHead?: string | undefined;
  /** Whether the store promises positions without holes. Default: what it says itself. */
  readonly contiguous?: boolean | undefined;
  readonly nowMs?: () => number;
  /** Compares the keys of persons with what the log says about them. Default: they are not looked at. */
  readonly keys?: (() => KeyRows) | undefined;
}

const parseHead = (text: string): NotedHead | undefined => {
  const parts = /^(\d{1,19}):([0-9a-fA-F]{64})$/.exec(text.trim());
  return parts ? { position: BigInt(parts[1] ?? ''), digest: (parts[2] ?? '').toLowerCase() } : undefined;
};
const headText = ({ position, digest }: NotedHead): string => `${String(position)}:${digest}`;
const count = (number: number, word: string): string =>
  `${number.toLocaleString('en-US')} ${word}${number === 1 ? '' : 's'}`;

const problemText = ({ kind, position, stream, revision, what }: LogProblem): string =>
  [
    `BAD  first problem at position ${String(position)} (${kind})`,
    ...(stream === undefined ? [] : [`     stream ${stream}, revision ${revision ?? '?'}`]),
    `     ${what}`,
    '',
  ].join('\n');

/** What the answer is worth on a store without a chain over all streams. */
const ORDER_BY_TIME = [
  '     This store chains each stream alone. Events of different streams that changed places are found when their times',
  '     tell, or with --expect-head.',
];

const reportText = ({ events, streams, head, order, problem }: VerifyReport): string => {
  const counted = `${count(events, 'event')} in ${count(streams, 'stream')}`;
  if (problem !== undefined) return `${problemText(problem)}     sound before it: ${counted}\n`;
  return [
    `OK   ${counted}, head ${headText(head)}`,
    '     Keep the head elsewhere and give it next time as --expect-head.',
    ...(order === 'chained' ? [] : ORDER_BY_TIME),
    '',
  ].join('\n');
};

const whatHappened: Readonly<Record<NonNullable<KeyReport['first']>['kind'], string>> = {
  missing: 'is not there and left no trace',
  destroyed: 'was destroyed, and no erasure is recorded',
};

const keysText = ({ needed, problems, first }: KeyReport): string => {
  if (first === undefined) return `OK   ${count(needed, 'key')} of persons are there, or were destroyed as recorded\n`;
  return [
    `BAD  ${count(problems, 'key')} of persons gone without a record, of ${needed.toLocaleString('en-US')}`,
    `     first: the ${first.personalClass} key of session ${first.subject} ${whatHappened[first.kind]}`,
    '     What they sealed cannot be read. If a back-up has them, restore the table subject_keys from it, then run',
    '     "citizen erase --finish"; if persons were forgotten on purpose, record it with "citizen erase".',
    '',
  ].join('\n');
};

const keysJson = ({ needed, problems, first }: KeyReport) => ({ needed, problems, first: first ?? null });

const reportJson = ({ ok, events, streams, head, order, problem }: VerifyReport, keys: KeyReport | undefined): string =>
  `${JSON.stringify({
    ok: ok && (keys?.problems ?? 0) === 0,
    events,
    streams,
    head: headText(head),
    order,
    problem: problem === undefined ? null : { ...problem, position: String(problem.position) },
    keys: keys === undefined ? null : keysJson(keys),
  })}\n`;

/**
 * `citizen verify`: walks the log and says whether it is whole, and whether the keys that it needs are there. Progress goes to `err`, the answer to `out`.
 * @returns 0 when the log is sound, 1 when it is not, 2 when that could not be found out
 */
export const runVerify = async (command: VerifyCommand): Promise<ExitCode> => {
  const { store, output, isTty, json, contiguous } = command;
  const expectHead = command.expectHead === undefined ? undefined : parseHead(command.expectHead);
  if (command.expectHead !== undefined && expectHead === undefined) {
    output.err('--expect-head must be <position>:<hash> as an earlier check printed it.\n');
    return 2;
  }
  const nowMs = command.nowMs ?? (() => performance.now());
  const progress = createProgress({ label: 'Checking', write: (text) => output.err(text), isTty, nowMs });
  const audit = command.keys === undefined ? undefined : createKeyAudit();
  try {
    const report = await verifyLog(store, {
      expectHead,
      contiguous,
      onEvent: audit === undefined ? undefined : (event) => audit.see(event),
      onProgress: ({ position, head }) => progress.update(Number(position), Number(head)),
    });
    // Of a log that is not whole, nobody can say which keys it needs.
    const keys = report.ok && command.keys !== undefined ? await audit?.conclude(command.keys(), store) : undefined;
    progress.finish();
    if (json === true) output.out(reportJson(report, keys));
    else output.out(`${reportText(report)}${keys === undefined ? '' : keysText(keys)}`);
    return report.ok && (keys?.problems ?? 0) === 0 ? 0 : 1;
  } catch (error) {
    progress.finish();
    output.err(`The log could not be checked: ${messageOf(error)}\n`);
    return 2;
  }
};
