import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { seededChance } from '../resume/chance.js';
import { now } from '../resume/driver/citizen.js';
import type { JobResult } from '../resume/driver/job.js';
import { ackTimes, quantiles, replyTimes, type Quantiles, type Window } from '../resume/scenarios/latency.js';
import { runCommand, startCommand } from './citizen-command.js';
import { rebuildWithKills, type KilledRebuild } from './kills.js';
import type { ProjectionsOptions } from './options.js';

const WARM_UP_MS = 3_000;
const PAUSE_MS = 500;

/** How long citizens waited in rounds of one kind. */
export interface Waits {
  readonly acknowledged: Quantiles;
  readonly answered: Quantiles;
}

/** What the commands did while everybody chatted. */
export interface BusyRun {
  readonly without: readonly Window[];
  readonly with: readonly Window[];
  /** Of every whole rebuild of the rounds. */
  readonly rebuilds: readonly { readonly ms: number; readonly eventsPerSecond: number; readonly peakBytes: number }[];
  readonly killed: KilledRebuild;
  /** By name: whether live and rebuilt rows were the same, or what was said instead. */
  readonly verified: Readonly<Record<string, string>>;
  readonly rolledBack: Readonly<Record<string, string>>;
}

export interface Field {
  readonly pool: pg.Pool;
  readonly env: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly head: () => Promise<number>;
  readonly say: (what: string) => void;
}

const rebuildArgs = ({ maxLoadPercent }: ProjectionsOptions): readonly string[] => [
  ...['projections', 'rebuild'],
  ...(maxLoadPercent === undefined ? [] : ['--max-load', String(maxLoadPercent)]),
];

/** Rounds without and with a rebuild, in turn, and the other way round the next time: what else grows meets both alike. */
const takeTurns = async (field: Field, options: ProjectionsOptions) => {
  const windows = { without: [] as Window[], with: [] as Window[] };
  const rebuilds: BusyRun['rebuilds'][number][] = [];
  const rebuild = async (): Promise<void> => {
    const head = await field.head();
    const { ms, peakBytes } = await runCommand(field.env, rebuildArgs(options));
    rebuilds.push({ ms, eventsPerSecond: (head * 1000) / ms, peakBytes });
  };
  for (let round = 0; round < options.rounds; round++) {
    for (const kind of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      field.say(`round ${round + 1} of ${options.rounds} ${kind} a rebuild`);
      const from = now();
      if (kind === 'with') {
        do await rebuild();
        while (now() < from + options.roundMs);
      } else await delay(options.roundMs);
      windows[kind].push({ from, to: now() });
      await delay(PAUSE_MS);
    }
  }
  return { ...windows, rebuilds };
};

/** One command for each projection; `ok`, or what it said. */
const forEach = async ({ env, names, say }: Field, command: 'verify' | 'rollback') => {
  const results: Record<string, string> = {};
  for (const name of names) {
    say(`${command} ${name}`);
    const { code, out, err } = await startCommand(env, ['projections', command, name]).ended;
    results[name] = code === 0 ? 'ok' : `code ${code}: ${out}${err}`.trim();
  }
  return results;
};

/** Rebuilds in rounds, rebuilds with kills, verifies and rolls back, one after the other, while others chat and read. */
export const runBusy = async (field: Field, options: ProjectionsOptions): Promise<BusyRun> => {
  await delay(WARM_UP_MS);
  const turns = await takeTurns(field, options);
  const workMs = turns.rebuilds.reduce((sum, { ms }) => sum + ms, 0) / turns.rebuilds.length;
  field.say(`a rebuild that is killed ${options.kills} times`);
  const killed = await rebuildWithKills(field.pool, field.env, {
    ...{ args: rebuildArgs(options), kills: options.kills, workMs },
    ...{ head: await field.head(), chance: seededChance(options.seed) },
  });
  const verified = await forEach(field, 'verify');
  return { ...turns, killed, verified, rolledBack: await forEach(field, 'rollback') };
};

/** How long citizens waited for acknowledgements and answers of what they said in these stretches of time. */
export const waitsIn = ({ records }: JobResult, windows: readonly Window[]): Waits => ({
  acknowledged: quantiles(ackTimes(records, windows)),
  answered: quantiles(replyTimes(records, windows)),
});
