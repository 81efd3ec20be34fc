import os from 'node:os';
import { keep } from '../support/report.js';
import type { Tally } from './audit.js';
import type { DriverHealth } from './driver/job.js';

/** A driver that is later than this with one message in a hundred measures itself. */
const MAX_LATE_MS = 50;

/** Whether a driver could not keep its own schedule, so that its latencies are its own. Deliveries count all the same. */
export const wasBottleneck = (health: readonly DriverHealth[]): boolean =>
  health.some(({ lateP99, loopDelayP99 }) => lateP99 > MAX_LATE_MS || loopDelayP99 > MAX_LATE_MS);

export const shown = (value: number, digits = 1): string =>
  Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: digits }) : '–';

/** A tally as cells: said, delivered in percent, lost, doubled, out of order. */
export const tallyCells = ({ expected, delivered, lost, doubled, outOfOrder }: Tally): string[] => [
  shown(expected),
  // Never rounded up to 100.
  expected === 0 ? '–' : `${(Math.floor((delivered / expected) * 100_000) / 1000).toFixed(3)} %`,
  shown(lost),
  shown(doubled),
  shown(outOfOrder),
];

export const tallyHeads = ['said', 'delivered', 'lost', 'doubled', 'out of order'];

export interface Report {
  readonly scenario: string;
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly health: readonly DriverHealth[];
  /** Everything, raw enough to count again. */
  readonly figures: object;
}

/** Prints a scenario as a Markdown table and keeps its figures in bench/results/resume-<scenario>.json. */
export const print = ({ scenario, title, heads, rows, notes, health, figures }: Report): void => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  console.log(`\n## ${scenario}: ${title}\n`);
  console.log([line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'));
  for (const note of notes) console.log(`- ${note}`);
  const late = Math.max(0, ...health.map(({ lateP99 }) => lateP99));
  const loop = Math.max(0, ...health.map(({ loopDelayP99 }) => loopDelayP99));
  const bottleneck = wasBottleneck(health);
  console.log(`- driver: p99 of lateness ${shown(late)} ms, of event loop delay ${shown(loop)} ms`);
  if (bottleneck) console.log('- THE DRIVER WAS THE BOTTLENECK: latencies of this run are not those of the server');
  console.log(
    `- ${os.cpus().length} processors, load average ${os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
  keep(`resume-${scenario}`, { title, heads, rows, notes, health, bottleneck, figures });
};
