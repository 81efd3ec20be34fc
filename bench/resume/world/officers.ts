import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the officers' process is told; times in ms. */
export interface OfficersJob {
  readonly sessions: readonly string[];
  /** Every session gets a message this often; null: the officers only listen. */
  readonly everyMs: number | null;
  readonly chars: number;
}

export type ToOfficers =
  | { readonly type: 'join'; readonly job: OfficersJob }
  | { readonly type: 'go'; readonly startAt: number; readonly seconds: number }
  | { readonly type: 'end' };

export interface Officers {
  /** They write from then on for so many seconds; resolves when the last message is in the log. Gives how many there were. */
  readonly go: (startAt: number, seconds: number) => Promise<number>;
  readonly end: () => void;
}

/**
 * Officers who join these sessions: the assistant is silent there, and they write on a schedule. They are a process of their
 * own that appends to the event log, as a back office would; the servers only learn of it from the log.
 */
export const startOfficers = async (env: Readonly<Record<string, string>>, job: OfficersJob): Promise<Officers> => {
  const child = fork(fileURLToPath(new URL('./officers-process.js', import.meta.url)), {
    env: { ...process.env, ...env },
  });
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The officers ended'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
  const ask = (message: ToOfficers): Promise<unknown> => {
    const answered = answer();
    child.send(message);
    return answered;
  };
  await ask({ type: 'join', job });
  return {
    go: async (startAt, seconds) => (await ask({ type: 'go', startAt, seconds })) as number,
    end: () => {
      if (child.connected) child.send({ type: 'end' } satisfies ToOfficers);
    },
  };
};
