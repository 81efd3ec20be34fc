import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { runCommand, startCommand } from './citizen-command.js';
import { isOwnedBy, readCopies, until } from './control.js';

export interface Kill {
  /** Since the rebuild had taken its copies. */
  readonly afterMs: number;
  /** Share of the log that the slowest copy then held, 0 to 1; null when none was being built any more. */
  readonly share: number | null;
  /** From the kill until a run could take the copies over and went on. */
  readonly goesOnAfterMs: number;
}

export interface KilledRebuild {
  readonly kills: readonly Kill[];
  /** Rebuilds that came to their end, the last one included. */
  readonly finished: number;
}

/** The longest time between two kills, as a multiple of what would spread them evenly: half of it is the mean. */
const MOST_GAPS = 2.5;

export interface KillOptions {
  /** Of the command. */
  readonly args: readonly string[];
  readonly kills: number;
  /** How long a rebuild takes: the kills are spread over a little more than that. */
  readonly workMs: number;
  /** Events in the log. */
  readonly head: number;
  readonly chance: () => number;
}

const building = async (pool: pg.Pool): Promise<readonly bigint[]> =>
  (await readCopies(pool)).filter(({ role }) => role === 'building').map(({ position }) => position);

/** Share of the log in the copy that has come least far. */
const shareOf = (positions: readonly bigint[], head: number): number | null =>
  positions.length === 0 ? null : Math.min(1, ...positions.map((position) => Number(position) / head));

/** Nobody holds a copy that is being built: who was killed is given up, after so many ms. */
const freed = async (pool: pg.Pool): Promise<number> => {
  const from = performance.now();
  await until(async () =>
    (await readCopies(pool)).some(({ role, owner }) => role === 'building' && owner !== null) ? undefined : true,
  );
  return performance.now() - from;
};

/**
 * Rebuilds, and kills the rebuild with `kill -9` at random instants, again and again; then lets it come to its end. One that
 * ended before its turn is followed by another.
 */
export const rebuildWithKills = async (
  pool: pg.Pool,
  env: Readonly<Record<string, string>>,
  { args, kills, workMs, head, chance }: KillOptions,
): Promise<KilledRebuild> => {
  const done: Kill[] = [];
  let finished = 0;
  while (done.length < kills) {
    const rebuild = startCommand(env, args);
    await until(async () => {
      const works = (await readCopies(pool)).some((copy) => isOwnedBy(copy, rebuild.pid));
      return works || rebuild.hasEnded() ? true : undefined;
    });
    const afterMs = chance() * MOST_GAPS * (workMs / kills);
    const end = await Promise.race([rebuild.ended, delay(afterMs, null)]);
    if (end === null) {
      rebuild.kill();
      await rebuild.ended;
      const share = shareOf(await building(pool), head);
      done.push({ afterMs, share, goesOnAfterMs: await freed(pool) });
    } else if (end.code === 0) finished += 1;
    else throw new Error(`A rebuild ended with ${end.code}: ${end.out}${end.err}`);
  }
  await runCommand(env, args);
  return { kills: done, finished: finished + 1 };
};
