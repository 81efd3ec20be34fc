import type { DriverHealth, JobResult } from '../resume/driver/job.js';
import { gatherTeam, soon } from '../resume/driver/run-drivers.js';
import { conversationLines } from '../resume/scenarios/lines.js';
import type { ProjectionsOptions } from './options.js';

/** Longer than any run: citizens talk until they are stopped. */
const FOREVER_S = 6 * 3600;
const QUIET_MS = 1_000;
const SETTLE_MS = 60_000;

/** Citizens who chat all the while. */
export interface Chat {
  /** Their sessions. */
  readonly names: readonly string[];
  /** Nobody says anything more; gives what they said and heard when everything is answered, or nothing came for too long. */
  stop(): Promise<JobResult>;
}

/** What all citizens of one or several chats said and got, for the report. */
export interface Said {
  readonly messages: number;
  readonly unanswered: number;
  /** Codes of errors that servers answered with. */
  readonly errors: readonly string[];
  readonly health: readonly DriverHealth[];
}

/** Starts citizens, in processes of their own, who say something on a schedule, whatever comes back (open loop). */
export const startChat = async (
  bases: readonly string[],
  { citizens, drivers, sayEveryMs, seed }: Pick<ProjectionsOptions, 'citizens' | 'drivers' | 'sayEveryMs' | 'seed'>,
): Promise<Chat> => {
  const team = await gatherTeam({
    ...{ kind: 'v1', bases, citizens, drivers, sayEveryMs, seed, seconds: FOREVER_S },
    ...{ cutEveryMs: null, silentMs: [0, 0], offlineMs: [0, 0] },
    lines: await conversationLines(),
    ...{ answered: 'all', quietMs: QUIET_MS, settleMs: SETTLE_MS },
  });
  const result = team.go(soon());
  // Told where it is waited for.
  result.catch(() => undefined);
  return {
    names: team.names,
    stop: async () => {
      team.stop();
      const ended = await result;
      team.end();
      return ended;
    },
  };
};

export const saidOf = (results: readonly JobResult[]): Said => {
  const records = results.flatMap((result) => result.records);
  const said = records.flatMap((record) => record.said);
  return {
    messages: said.length,
    unanswered: said.filter(({ answeredAt }) => answeredAt === undefined).length,
    errors: records.flatMap((record) => record.errors),
    health: results.flatMap((result) => result.health),
  };
};
