import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { seededChance } from '../resume/chance.js';
import { now } from '../resume/driver/citizen.js';
import type { JobResult } from '../resume/driver/job.js';
import { ackTimes, quantiles, replyTimes, type Quantiles, type Window } from '../resume/scenarios/latency.js';
import { FULL_SPEED, startCommand } from './citizen-command.js';
import { rebuildWithKills, type KilledRebuild } from './kills.js';
import type { ProjectionsOptions } from './options.js';

const WARM_UP_MS = 3_000;
const PAUSE_MS = 500;
const LONGEST_MS = 3_600_000;

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
  /** What a rebuild at full speed took with nobody online. With citizens it takes about twice as long. */
  readonly aloneMs: number;
  readonly head: () => Promise<number>;
  readonly say: (what: string) => void;
}

/** Rebuilds one after the other. Each time it goes on where it was interrupted the time before. */
const createRebuilds = (field: Field, options: ProjectionsOptions) => {
  const done: BusyRun['rebuilds'][number][] = [];
  let [spentMs, peak] = [0, 0];
  /** @returns when citizens had it beside them: until it was interrupted, or came to its end */
  const work = async (forMs: number): Promise<Window> => {
    const head = await field.head();
    const from = now();
    const command = startCommand(field.env, ['projections', 'rebuild', '--max-load', String(options.maxLoadPercent)]);
    const inTime = await Promise.race([command.ended, delay(forMs, null, { ref: false })]);
    const to = now();
    if (inTime === null) command.interrupt();
    const { code, ms, peakBytes, out, err } = await command.ended;
    if (code !== 0 && inTime !== null) throw new Error(`A rebuild ended with ${code}: ${out}${err}`);
    [spentMs, peak] = [spentMs + ms, Math.max(peak, peakBytes)];
    if (code === 0) {
      done.push({ ms: spentMs, eventsPerSecond: (head * 1000) / spentMs, peakBytes: peak });
      [spentMs, peak] = [0, 0];
    }
    return { from, to };
  };
  return {
    done,
    async during(ms: number): Promise<readonly Window[]> {
      const windows: Window[] = [];
      for (let left = ms; left > 0; left = ms - windows.reduce((sum, { from, to }) => sum + to - from, 0))
        windows.push(await work(left));
      return windows;
    },
    /** So that at least one is seen whole. */
    async toTheEnd(): Promise<readonly Window[]> {
      return spentMs > 0 || done.length === 0 ? [await work(LONGEST_MS)] : [];
    },
  };
};

/** Rounds without and with a rebuild, in turn, and the other way round the next time: what else grows meets both alike. */
const takeTurns = async (field: Field, options: ProjectionsOptions) => {
  const windows = { without: [] as Window[], with: [] as Window[] };
  const rebuilds = createRebuilds(field, options);
  for (let round = 0; round < options.rounds; round++) {
    for (const kind of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      field.say(`round ${round + 1} of ${options.rounds} ${kind} a rebuild`);
      if (kind === 'with') windows.with.push(...(await rebuilds.during(options.roundMs)));
      else {
        const from = now();
        await delay(options.roundMs);
        windows.without.push({ from, to: now() });
      }
      await delay(PAUSE_MS);
    }
  }
  field.say('that rebuild to its end');
  windows.with.push(...(await rebuilds.toTheEnd()));
  return { ...windows, rebuilds: rebuilds.done };
};

/** One command for each projection; `ok`, or what it said. */
const forEach = async ({ env, names, say }: Field, command: 'verify' | 'rollback') => {
  const results: Record<string, string> = {};
  for (const name of names) {
    say(`${command} ${name}`);
    const { code, out, err } = await startCommand(env, [
      'projections',
      command,
      name,
      ...(command === 'verify' ? FULL_SPEED : []),
    ]).ended;
    results[name] = code === 0 ? 'ok' : `code ${code}: ${out}${err}`.trim();
  }
  return results;
};

/** Rebuilds in rounds, rebuilds with kills, verifies and rolls back, one after the other, while others chat and read. */
export const runBusy = async (field: Field, options: ProjectionsOptions): Promise<BusyRun> => {
  await delay(WARM_UP_MS);
  const turns = await takeTurns(field, options);
  field.say(`a rebuild that is killed ${options.kills} times`);
  const killed = await rebuildWithKills(field.pool, field.env, {
    ...{ args: ['projections', 'rebuild', ...FULL_SPEED], kills: options.kills, workMs: 2 * field.aloneMs },
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
