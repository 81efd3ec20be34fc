import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { emmettHistory } from '../support/emmett-history.js';
import { FULL_SPEED, nodeFlags, runCommand } from './citizen-command.js';
import type { ProjectionsOptions } from './options.js';
import { withStorage } from './prepare.js';

const run = promisify(execFile);

/** What one of those that are compared did, round by round. */
export interface Runs {
  readonly events: number;
  readonly eventsPerSecond: readonly number[];
  /** Most memory that its process held, in any round. */
  readonly peakBytes: number;
}

export interface Beside {
  readonly cursor: Runs;
  readonly ours: Runs;
  readonly emmett: Runs | null;
}

interface Timed {
  readonly events: number;
  readonly ms: number;
  readonly peakBytes: number;
}

const cursor = async (databaseUrl: string): Promise<Timed> => {
  const script = fileURLToPath(new URL('./cursor-process.js', import.meta.url));
  const { stdout } = await run(process.execPath, [...nodeFlags, script, databaseUrl]);
  const { rows, ms, peakBytes } = JSON.parse(stdout) as { rows: number; ms: number; peakBytes: number };
  return { events: rows, ms, peakBytes };
};

/** Of all read models, by the command, its start included. */
const ours = async (env: Readonly<Record<string, string>>, events: number): Promise<Timed> => ({
  ...(await runCommand(env, ['projections', 'rebuild', ...FULL_SPEED])),
  events,
});

const toRuns = (timed: readonly Timed[]): Runs => ({
  events: timed[0]?.events ?? 0,
  eventsPerSecond: timed.map(({ events, ms }) => (events * 1000) / ms),
  peakBytes: Math.max(...timed.map(({ peakBytes }) => peakBytes)),
});

/** Nobody is online and no server runs: a bare cursor over the log, the rebuild of all read models and Emmett's, in turn. */
export const compareIdle = (
  env: Readonly<Record<string, string>>,
  databaseUrl: string,
  { idleRounds, emmettEvents }: Pick<ProjectionsOptions, 'idleRounds' | 'emmettEvents'>,
): Promise<Beside> =>
  withStorage(env, async ({ log }) => {
    const events = Number((await log.head()).position);
    const emmett = emmettEvents === 0 ? null : await emmettHistory(databaseUrl, log, Math.min(emmettEvents, events));
    const timed = { cursor: [] as Timed[], ours: [] as Timed[], emmett: [] as Timed[] };
    for (let round = 0; round < idleRounds; round++) {
      timed.cursor.push(await cursor(databaseUrl));
      timed.ours.push(await ours(env, events));
      if (emmett !== null) timed.emmett.push({ ...(await emmett.rebuild()), events: emmett.events });
    }
    await emmett?.close();
    return {
      cursor: toRuns(timed.cursor),
      ours: toRuns(timed.ours),
      emmett: emmett === null ? null : toRuns(timed.emmett),
    };
  });
