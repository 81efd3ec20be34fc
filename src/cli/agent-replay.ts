import type { Prompt } from '../agent/model/prompt.js';
import type { ShownCall } from '../agent/model/replay/replay-turn.js';
import type { Share } from '../agent/model/replay/statistics.js';
import type { UnmaskDependencies } from '../commands/unmask/unmask-subject.js';
import type { Clock } from '../platform/clock.js';
import { shortHash } from '../platform/short-hash.js';
import { messageOf, type ExitCode, type Output } from './output.js';
import { createProgress } from './progress.js';
import { runReplay, type ReplayedTurn, type ReplayGiven, type ReplayReport } from './replay-run.js';
import { createUnmaskOnce, whatIsMissing } from './unmask-once.js';

export interface ReplayCommand extends Omit<ReplayGiven, 'onTurn' | 'onProgress' | 'unmask' | 'log'> {
  readonly log: ReplayGiven['log'] & UnmaskDependencies['log'];
  readonly clock: Clock;
  /** False: texts are sent and shown as they are, once it is recorded who reads them and why. */
  readonly masked: boolean;
  /** Turns of the period, also those beyond the limit. */
  readonly turnsInPeriod: number;
  readonly modelName: string;
  /** Why personal data is shown, and to whom (a staff id, never a name); needed for `masked: false`. */
  readonly reason?: string | undefined;
  readonly officer?: string | undefined;
  readonly output: Output;
  readonly isTty: boolean;
  readonly json?: boolean | undefined;
  readonly nowMs?: () => number;
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const shareText = ({ share, hits, of, low, high }: Share): string =>
  share === null
    ? 'no case'
    : `${percent(share)} (${hits} of ${of}; 95 % interval ${percent(low)} to ${percent(high)})`;

const callsText = (calls: readonly ShownCall[]): string =>
  calls.map(({ name, args }) => `${name} ${args}`).join('; ') || 'none';

const stepNames = {
  first: 'first call',
  answer: 'answer, after the recorded tools and their results',
} as const;

/** One turn, for people. */
export const turnText = ({ sessionId, revision, day, steps }: ReplayedTurn): string =>
  [
    `── ${day}, session ${shortHash(sessionId)}, event ${revision}`,
    ...steps.flatMap(({ step, diff, sameText, sameTools, recordedCalls, newCalls }) => [
      `  ${stepNames[step]}${sameTools && sameText ? ': the same' : ''}`,
      ...(recordedCalls.length + newCalls.length === 0
        ? []
        : [`    tools then: ${callsText(recordedCalls)}`, `    tools now:  ${callsText(newCalls)}`]),
      ...(sameText ? [] : diff.map(({ sign, text }) => `    ${sign} ${text}`)),
    ]),
    '',
    '',
  ].join('\n');

const listOf = (counts: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(counts)
    .map(([code, n]) => `${code} ${n ?? 0}`)
    .join(', ') || 'none';

const stops = {
  interrupted: 'Stopped early by you: the figures are of what was done.',
  budget: 'Stopped early: MODEL_HOUR_TOKENS or MODEL_MONTH_TOKENS is used up.',
  model_down: 'Stopped early: too many calls in a row failed.',
} as const;

const LIMITS = `What this cannot tell
  Each turn is judged alone: after another answer the citizen would have written something else, so the turns that followed are no
  evidence for or against it. Another text is not a worse one: read the differences. The recorded reply holds what the program
  added and the guard took out, the new one does not. The classification sees the description alone, not the conversation that led
  to the recorded proposal, and a p value of many tries means little. A model may answer differently each time.
`;

const summary = (report: ReplayReport, command: ReplayCommand): string => {
  const { turns, complaints, stopped, tokens } = report;
  const beyond = command.turnsInPeriod - turns.considered;
  const lines: readonly (readonly [string, string])[] = [
    ['prompt, model', `${command.prompt.version} ${command.prompt.hash.slice(0, 8)}, ${command.modelName}`],
    ['text', command.masked ? 'masked' : `NOT masked, because: ${command.reason ?? ''}`],
    ['turns', `${turns.considered} considered${beyond > 0 ? `, ${beyond} older ones left out (--limit)` : ''}`],
    ['made again', `${turns.rebuilt} with the recorded SHA-256; not: ${listOf(turns.notRebuilt)}`],
    ...(command.model === null
      ? [['dry run', 'nothing was asked'] as const]
      : ([
          ['replayed', `${turns.replayed}; failed calls: ${listOf(turns.failed)}`],
          ['same tools', shareText(turns.sameTools)],
          ['same text', shareText(turns.sameText)],
        ] as const)),
    ['complaints', `${complaints.judged} that an officer classified, ${complaints.classified} classified anew`],
    ...(complaints.recorded.of === 0
      ? []
      : [['  then', `agrees with the officer: ${shareText(complaints.recorded)}`] as const]),
    ...(complaints.classified === 0
      ? []
      : ([
          ['  now', `agrees with the officer: ${shareText(complaints.fresh)}`],
          [
            '  difference',
            `only then right ${complaints.difference.onlyOld}, only now right ${complaints.difference.onlyNew}; McNemar, exact, p = ${complaints.difference.p.toFixed(3)}`,
          ],
        ] as const)),
    ['tokens', tokens.toLocaleString('en-US')],
  ];
  const table = lines.map(([label, value]) => `${label.padEnd(14)} ${value}\n`).join('');
  return `${table}${stopped === null ? '' : `\n${stops[stopped]}\n`}\n${LIMITS}`;
};

/** A prompt, told without its text. */
const named = ({ version, hash }: Prompt) => ({ version, hash });

/**
 * `citizen agent replay`: what another prompt or another model would have said. No tool is done; nothing is written, but who reads
 * what in the clear and why.
 * @returns 0 when it ran to the end, 1 when it was stopped early, 2 when it could not be done
 */
export const runReplayCommand = async (command: ReplayCommand): Promise<ExitCode> => {
  const { output, json, masked, reason, officer, clock, nowMs = () => performance.now(), ...given } = command;
  const wrong = masked ? undefined : whatIsMissing({ reason, officer });
  if (wrong !== undefined) {
    output.err(`${wrong}\n`);
    return 2;
  }
  const unmask = masked ? null : createUnmaskOnce({ log: given.log, clock }, { reason, officer });
  const progress = createProgress({
    ...{ label: 'replay', write: (text: string) => output.err(text), isTty: command.isTty, nowMs },
    unit: 'turns and complaints',
  });
  const replayed: ReplayedTurn[] = [];
  const onTurn = (turn: ReplayedTurn): void => {
    if (json === true) replayed.push(turn);
    else {
      progress.finish();
      output.out(turnText(turn));
    }
  };
  try {
    const report = await runReplay({ ...given, unmask, onTurn, onProgress: (done, of) => progress.update(done, of) });
    progress.finish();
    if (json !== true) output.out(summary(report, command));
    else {
      const turns = replayed.map(({ sessionId, ...turn }) => ({ session: shortHash(sessionId), ...turn }));
      const setup = { prompt: named(command.prompt), model: command.modelName, masked, reason: reason ?? null };
      output.out(`${JSON.stringify({ ...setup, turnsInPeriod: command.turnsInPeriod, ...report, replayed: turns })}\n`);
    }
    return report.stopped === null ? 0 : 1;
  } catch (error) {
    progress.finish();
    output.err(`The replay could not be done: ${messageOf(error)}\n`);
    return 2;
  }
};
