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

const reportJson = ({ ok, events, streams, head, order, problem }: VerifyReport): string =>
  `${JSON.stringify({
    ok,
    events,
    streams,
    head: headText(head),
    order,
    problem: problem === undefined ? null : { ...problem, position: String(problem.position) },
  })}\n`;

/**
 * `citizen verify`: walks the log and says whether it is whole. Progress goes to `err`, the answer to `out`.
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
  try {
    const report = await verifyLog(store, {
      expectHead,
      contiguous,
      onProgress: ({ position, head }) => progress.update(Number(position), Number(head)),
    });
    progress.finish();
    output.out(json === true ? reportJson(report) : reportText(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    progress.finish();
    output.err(`The log could not be checked: ${messageOf(error)}\n`);
    return 2;
  }
};
