import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { now } from './citizen.js';
import type { FromDriver, Job, JobResult, ToDriver } from './job.js';

/** The job of all drivers together. */
export type TeamJob = Omit<Job, 'from' | 'to' | 'of'> & { readonly citizens: number; readonly drivers: number };

export interface Team {
  /** Names of all citizens, in order of their numbers. */
  readonly names: readonly string[];
  /** Starts the talk at this time (ms since 1970) and gives what all drivers measured, merged as raw samples. */
  go(startAt: number): Promise<JobResult>;
  /** Nobody says anything more: what `go` gives comes as soon as all is settled. */
  stop(): void;
  end(): void;
}

/** Time from `go` to the first message: all processes have heard of it by then. */
export const soon = (): number => now() + 500;

const startDriver = (): ChildProcess =>
  fork(fileURLToPath(new URL('./process.js', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const answerOf = (child: ChildProcess): Promise<FromDriver> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('A driver ended'));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as FromDriver);
    });
  });

const ask = (child: ChildProcess, message: ToDriver): Promise<FromDriver> => {
  const answer = answerOf(child);
  child.send(message);
  return answer;
};

/** Forks the drivers; resolves when every citizen is connected. */
export const gatherTeam = async ({ citizens, drivers, ...job }: TeamJob): Promise<Team> => {
  const children = Array.from({ length: drivers }, startDriver);
  const share = citizens / drivers;
  const tellAll = (message: ToDriver): void => {
    for (const child of children) if (child.connected) child.send(message);
  };
  const end = (): void => tellAll({ type: 'end' });
  try {
    const ready = await Promise.all(
      children.map((child, index) => {
        const [from, to] = [Math.round(index * share), Math.round((index + 1) * share)];
        return ask(child, { type: 'job', job: { ...job, from, to, of: citizens } });
      }),
    );
    return {
      names: ready.flatMap((answer) => (answer.type === 'ready' ? answer.names : [])),
      go: async (startAt) => {
        const answers = await Promise.all(children.map((child) => ask(child, { type: 'go', startAt })));
        const results = answers.flatMap((answer) => (answer.type === 'result' ? [answer] : []));
        return {
          records: results.flatMap(({ records }) => records),
          health: results.map(({ health }) => health),
        };
      },
      stop: () => tellAll({ type: 'stop' }),
      end,
    };
  } catch (error) {
    end();
    throw error;
  }
};
