import { setTimeout as delay } from 'node:timers/promises';
import type { JobResult } from '../driver/job.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import { auditLog, type LogAudit } from '../world/audit-log.js';
import { startOfficers } from '../world/officers.js';
import { startWorld, type World } from '../world/world.js';
import { conversationLines } from './lines.js';

export interface StormOptions {
  readonly client: 'v1' | 'library';
  readonly citizens: number;
  readonly seconds: number;
  readonly drivers: number;
  readonly seed: number;
  readonly servers: number;
  /** How often a server is killed with `kill -9`, spread over the talk; the last time all of them at once. */
  readonly kills: number;
}

export interface StormResult extends JobResult {
  readonly audit: LogAudit;
}

/** The rhythm of the talk and of the cuts; shorter in short runs, so that each has several of both. */
export const rhythm = (seconds: number) => ({
  sayEveryMs: Math.min(10_000, (seconds * 1000) / 8),
  officerEveryMs: Math.min(8_000, (seconds * 1000) / 10),
  cutEveryMs: Math.min(15_000, (seconds * 1000) / 3),
  silentMs: [0, 1_000] as const,
  offlineMs: [2_000, 4_000] as const,
});

const DOWN_MS = 1_000;
/** After a kill another process answers what the dead one was answering when its lease has run out. */
const QUIET_MS = 4_000;
const SETTLE_MS = 90_000;

/** When each of so many kills comes, ms after the start. */
export const killTimes = (kills: number, seconds: number): number[] =>
  Array.from({ length: kills }, (_, at) => ((at + 1) * seconds * 1000) / (kills + 1));

const killServers = async (world: World, { kills, seconds, servers }: StormOptions, startAt: number): Promise<void> => {
  for (const [at, afterMs] of killTimes(kills, seconds).entries()) {
    await delay(Math.max(0, startAt + afterMs - Date.now()));
    const all = Array.from({ length: servers }, (_, index) => index);
    const victims = at === kills - 1 ? all : [at % servers];
    await Promise.all(victims.map((index) => world.stop(index, 'SIGKILL')));
    await delay(DOWN_MS);
    await Promise.all(victims.map((index) => world.restart(index)));
  }
};

/**
 * Citizens talk with the assistant (those with an even number) or with officers, over networks that die again and again, with
 * servers that are killed. Afterwards the event log itself is compared with what each of them said and heard.
 */
export const runStorm = async (options: StormOptions): Promise<StormResult> => {
  const { client, citizens, seconds, drivers, seed, servers } = options;
  const { sayEveryMs, officerEveryMs, cutEveryMs, silentMs, offlineMs } = rhythm(seconds);
  const world = await startWorld(servers);
  try {
    const team = await gatherTeam({
      ...{ kind: client, bases: world.bases, citizens, drivers, seconds, seed },
      ...{ sayEveryMs, cutEveryMs, silentMs, offlineMs },
      lines: await conversationLines(),
      answered: 'even',
      quietMs: QUIET_MS,
      settleMs: SETTLE_MS,
    });
    const withOfficer = team.names.filter((_, number) => number % 2 === 1);
    const officers = await startOfficers(world.env, { sessions: withOfficer, everyMs: officerEveryMs, chars: 80 });
    const startAt = soon();
    const [result] = await Promise.all([
      team.go(startAt),
      officers.go(startAt, seconds),
      killServers(world, options, startAt),
    ]);
    team.end();
    officers.end();
    const audit = await auditLog(world.env, result.records);
    return { ...result, audit };
  } finally {
    await world.close();
  }
};
