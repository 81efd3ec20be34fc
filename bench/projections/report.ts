import os from 'node:os';
import { median } from '../support/figures.js';
import { keep } from '../support/report.js';
import { shown, wasBottleneck } from '../resume/report.js';
import type { Quantiles } from '../resume/scenarios/latency.js';
import type { ProjectionsFigures } from './run.js';

/** Most that the 99th percentile of the chat may grow by a rebuild. */
const MAX_RATIO = 1.5;
const MAX_TAKE_OVER_MS = 5_000;
const MEBIBYTE = 2 ** 20;

/** One line of the table. */
interface Line {
  readonly what: string;
  readonly ours: string;
  readonly beside: string;
  readonly ratio: string;
  readonly target: string;
  /** Null: nothing is asked. */
  readonly met: boolean | null;
  /** A miss means that the program is wrong, not that it is slow. */
  readonly isProof: boolean;
}

const line = (what: string, ours: string, more: Partial<Line> = {}): Line => ({
  ...{ what, ours, beside: '', ratio: '', target: '–', met: null, isProof: false },
  ...more,
});

const spreadOf = (values: readonly number[]): string =>
  `${shown(median(values), 0)} (${shown(Math.min(...values), 0)} to ${shown(Math.max(...values), 0)})`;
const mebibytes = (bytes: number): string => `${shown(bytes / MEBIBYTE, 0)} MiB`;

const besideLines = ({ beside: { cursor, ours, emmett }, projections, busy }: ProjectionsFigures): Line[] => {
  const speed = median(ours.eventsPerSecond);
  const ratio = (other: readonly number[]): string => shown(speed / median(other), 2);
  const peer = emmett === null ? '' : `Emmett 0.42, one projection of the first ${shown(emmett.events)} events`;
  const rebuild = `rebuild of all ${projections} projections, ${shown(ours.events)} events`;
  const chatting = busy.rebuilds.map(({ eventsPerSecond }) => eventsPerSecond);
  return [
    line(`${rebuild}, nobody online, events/s`, spreadOf(ours.eventsPerSecond), {
      beside: `bare cursor: ${spreadOf(cursor.eventsPerSecond)}`,
      ratio: ratio(cursor.eventsPerSecond),
    }),
    ...(emmett === null
      ? []
      : [
          line('the same', spreadOf(ours.eventsPerSecond), {
            beside: `${peer}: ${spreadOf(emmett.eventsPerSecond)}`,
            ratio: ratio(emmett.eventsPerSecond),
          }),
        ]),
    line('most memory of its process', mebibytes(ours.peakBytes), {
      beside: [
        `cursor: ${mebibytes(cursor.peakBytes)}`,
        ...(emmett === null ? [] : [`Emmett: ${mebibytes(emmett.peakBytes)}`]),
      ].join('; '),
    }),
    line('the rebuild while everybody chats, events/s', spreadOf(chatting), {
      beside: `most memory ${mebibytes(Math.max(...busy.rebuilds.map(({ peakBytes }) => peakBytes)))}`,
    }),
  ];
};

const waitLine = (what: string, during: Quantiles, without: Quantiles): Line => ({
  ...line(`${what}, during a rebuild: p50 / p99 ms`, `${shown(during.p50)} / ${shown(during.p99)}`),
  beside: `without: ${shown(without.p50)} / ${shown(without.p99)}`,
  ratio: `p99 ${shown(during.p99 / without.p99, 2)}`,
  target: `p99 ≤ ${MAX_RATIO} ×`,
  met: during.p99 <= MAX_RATIO * without.p99,
});

const readerLine = ({ reader }: ProjectionsFigures): Line => {
  const errors = Object.entries(reader.errors).map(([code, count]) => `${code} ${count}`);
  const readerErrors = errors.length === 0 ? 'no error' : errors.join(', ');
  return line(
    'readers of every view, all the while',
    `${shown(reader.reads)} reads across ${shown(reader.swaps)} swaps: ${readerErrors}, ${reader.wrong} wrong rows, ${reader.older} times back`,
    {
      beside: `a read took p50 ${shown(reader.p50)}, p99 ${shown(reader.p99)}, at most ${shown(reader.slowest)} ms`,
      target: 'no error, no wrong row, never back',
      met: errors.length === 0 && reader.wrong === 0 && reader.older === 0,
      isProof: true,
    },
  );
};

const chatLine = ({ said }: ProjectionsFigures): Line =>
  line('what citizens said', `${shown(said.messages)} messages, ${shown(said.unanswered)} without an answer`, {
    target: 'all answered',
    met: said.unanswered === 0,
    isProof: true,
  });

const killLine = ({ busy: { killed } }: ProjectionsFigures): Line => {
  const shares = killed.kills.map(({ share }) => (share === null ? 'end' : `${shown(share * 100, 0)} %`));
  const waits = killed.kills.map(({ goesOnAfterMs }) => goesOnAfterMs / 1000);
  return line('the rebuild, killed with kill -9', `${killed.kills.length} times, at ${shares.join(', ')} of the log`, {
    beside: `could go on after ${shown(median(waits))} s (at most ${shown(Math.max(0, ...waits))} s)`,
    target: 'goes on and ends',
    met: killed.finished > 0,
    isProof: true,
  });
};

const orderLine = (what: string, results: Readonly<Record<string, string>>): Line => {
  const bad = Object.entries(results).filter(([, result]) => result !== 'ok');
  const told = bad.map(([name, result]) => `${name}: ${result.replaceAll(/[\s|]+/g, ' ').slice(0, 200)}`);
  const count = Object.keys(results).length;
  return line(what, bad.length === 0 ? `all ${count}` : told.join('; '), {
    target: 'all',
    met: bad.length === 0,
    isProof: true,
  });
};

const takeOverLine = ({ takeOverMs }: ProjectionsFigures): Line =>
  line(
    'kill -9 of a server among two, until the other one feeds all read models',
    `${shown(median(takeOverMs), 0)} ms (at most ${shown(Math.max(...takeOverMs), 0)} ms, ${takeOverMs.length} times)`,
    { target: `≤ ${MAX_TAKE_OVER_MS / 1000} s`, met: Math.max(...takeOverMs) <= MAX_TAKE_OVER_MS },
  );

/** The table of the measurement, line by line. */
export const linesOf = (figures: ProjectionsFigures): readonly Line[] => [
  ...besideLines(figures),
  waitLine('a message to its acknowledgement', figures.chat.with.acknowledged, figures.chat.without.acknowledged),
  waitLine('a message to its answer', figures.chat.with.answered, figures.chat.without.answered),
  readerLine(figures),
  chatLine(figures),
  killLine(figures),
  orderLine('live and rebuilt rows the same (`verify`), while everybody chats', figures.busy.verified),
  orderLine('rolled back, while everybody chats', figures.busy.rolledBack),
  ...(figures.takeOverMs.length === 0 ? [] : [takeOverLine(figures)]),
];

/** Whether nothing was wrong; slow is another matter. */
export const isProven = (figures: ProjectionsFigures): boolean =>
  linesOf(figures).every(({ isProof, met }) => !isProof || met === true);

const notesOf = ({ options, said, reader }: ProjectionsFigures): string[] => {
  const late = Math.max(0, ...said.health.map(({ lateP99 }) => lateP99));
  const loop = Math.max(0, ...said.health.map(({ loopDelayP99 }) => loopDelayP99));
  const errors = [...new Set(said.errors)];
  return [
    `${options.citizens} citizens, a message every ${options.sayEveryMs / 1000} s each; ${options.rounds} rounds of ${options.roundMs / 1000} s without and with a rebuild in turn, which then came to its end; it worked at most ${options.maxLoadPercent} % of the time`,
    `driver: p99 of lateness ${shown(late)} ms, of event loop delay ${shown(loop)} ms`,
    ...(wasBottleneck(said.health)
      ? ['THE DRIVER WAS THE BOTTLENECK: the times of the chat are not those of the server']
      : []),
    ...(errors.length === 0 ? [] : [`citizens were answered with: ${errors.join(', ')}`]),
    ...reader.faults,
  ];
};

const verdictOf = ({ met, target }: Line): string =>
  met === null ? target : `${target}: ${met ? 'met' : '**missed**'}`;

/** Prints the table and keeps all figures in bench/results/projections.json. */
export const printProjections = (figures: ProjectionsFigures): void => {
  const heads = ['what', 'ours', 'beside it', 'ratio', 'target'];
  const rows = linesOf(figures).map((one) => [one.what, one.ours, one.beside, one.ratio, verdictOf(one)]);
  const notes = notesOf(figures);
  const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  console.log(`\n${[cells(heads), cells(heads.map(() => '---')), ...rows.map(cells)].join('\n')}`);
  for (const note of notes) console.log(`- ${note}`);
  const load = os.loadavg().map((value) => value.toFixed(1));
  console.log(`- ${os.cpus().length} processors, load average at the end ${load.join(' ')}`);
  const proven = isProven(figures);
  const missed = linesOf(figures).filter(({ met }) => met === false);
  console.log(missed.length === 0 ? 'All targets met.' : `MISSED: ${missed.map(({ what }) => what).join('; ')}`);
  keep('projections', { heads, rows, notes, proven, figures });
};
