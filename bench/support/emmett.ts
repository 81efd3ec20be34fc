import { execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { payload } from './events.js';

/** Emmett in a process of its own, because its packages conflict with ours. */
export interface Emmett {
  /** Appends per second of so many writers, each to a stream of its own, one event at a time, for `ms`. */
  run(writers: number, ms: number): Promise<number>;
  stop(): Promise<void>;
}

/** Installs it when it is missing (this alone needs the network), and starts it on an empty database. */
export async function startEmmett(url: string): Promise<Emmett> {
  if (!existsSync('bench/emmett/node_modules')) {
    execFileSync('npm', ['ci', '--prefix', 'bench/emmett', '--ignore-scripts', '--no-audit', '--no-fund'], {
      stdio: 'inherit',
    });
  }
  const child = fork('bench/emmett/append.mjs', [url, payload]);
  const answer = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('Emmett ended'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as T);
      });
    });
  await answer<string>();
  return {
    async run(writers, ms) {
      const answered = answer<{ appends: number; ms: number }>();
      child.send({ writers, ms });
      const result = await answered;
      return (result.appends / result.ms) * 1000;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await ended;
    },
  };
}
