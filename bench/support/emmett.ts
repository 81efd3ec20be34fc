import { execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { payload } from './events.js';

// Emmett in a process of its own, because its packages conflict with ours.

/** Appends, beside ours. */
export interface Emmett {
  /** Appends per second of so many writers, each to a stream of its own, one event at a time, for `ms`. */
  run(writers: number, ms: number): Promise<number>;
  stop(): Promise<void>;
}

/** Rebuilds, beside ours. */
export interface EmmettRebuild {
  /** Appends one stream as a whole. */
  append(stream: string, events: readonly { readonly type: string; readonly data: unknown }[]): Promise<void>;
  /** Rebuilds a projection; gives how many events went into it, and the most memory that its process has held. */
  rebuild(): Promise<{ readonly ms: number; readonly events: number; readonly peakBytes: number }>;
  stop(): Promise<void>;
}

interface Child {
  ask<T>(message: object | string): Promise<T>;
  stop(): Promise<void>;
}

/** Installs it when it is missing (this alone needs the network), and starts a script of bench/emmett. */
async function start(script: string, args: readonly string[]): Promise<Child> {
  if (!existsSync('bench/emmett/node_modules')) {
    execFileSync('npm', ['ci', '--prefix', 'bench/emmett', '--ignore-scripts', '--no-audit', '--no-fund'], {
      stdio: 'inherit',
    });
  }
  const child = fork(`bench/emmett/${script}`, args);
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
    async ask<T>(message: object | string): Promise<T> {
      const answered = answer<T>();
      child.send(message);
      return answered;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await ended;
    },
  };
}

/** Starts it on an empty database. */
export async function startEmmett(url: string): Promise<Emmett> {
  const child = await start('append.mjs', [url, payload]);
  return {
    async run(writers, ms) {
      const result = await child.ask<{ appends: number; ms: number }>({ writers, ms });
      return (result.appends / result.ms) * 1000;
    },
    stop: () => child.stop(),
  };
}

/** Starts it on an empty database, with a projection over these types of events. */
export async function startEmmettRebuild(url: string, types: readonly string[]): Promise<EmmettRebuild> {
  const child = await start('rebuild.mjs', [url, JSON.stringify(types)]);
  return {
    append: async (stream, events) => {
      await child.ask<string>({ stream, events });
    },
    rebuild: () => child.ask('rebuild'),
    stop: () => child.stop(),
  };
}
