import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { KnownRows } from './known-rows.js';

/** What a reader is told when it begins. */
export interface ReaderJob {
  readonly databaseUrl: string;
  readonly known: KnownRows;
  /** Pause between two rounds through all views. */
  readonly everyMs: number;
}

/** What a reader saw until it was stopped. */
export interface ReaderReport {
  readonly reads: number;
  /** Codes of errors with their number. */
  readonly errors: Readonly<Record<string, number>>;
  readonly wrong: number;
  readonly older: number;
  /** What the first faults were; no content. */
  readonly faults: readonly string[];
  /** How often another table was behind a view than at the reading before. */
  readonly swaps: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
}

export type ToReader =
  | { readonly type: 'read'; readonly job: ReaderJob }
  /** Conversations that go on, to be looked at from now on. */
  | { readonly type: 'watch'; readonly sessions: readonly string[] }
  | { readonly type: 'stop' };

/** `reading`: it has been through all views once. */
export type FromReader = { readonly type: 'reading' } | ({ readonly type: 'report' } & ReaderReport);

export interface Reader {
  watch(sessions: readonly string[]): void;
  stop(): Promise<ReaderReport>;
}

/** Starts a reader, a process of its own that polls every view; resolves when it has been through all of them once. */
export const startReader = async (job: ReaderJob): Promise<Reader> => {
  const child = fork(fileURLToPath(new URL('./reader-process.js', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Rows hold bigints.
    serialization: 'advanced',
  });
  const answer = (): Promise<FromReader> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The reader ended'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as FromReader);
      });
    });
  const tell = (message: ToReader): void => void child.send(message);
  const reading = answer();
  tell({ type: 'read', job });
  await reading;
  return {
    watch: (sessions) => tell({ type: 'watch', sessions }),
    stop: async () => {
      const answered = answer();
      tell({ type: 'stop' });
      const message = await answered;
      if (message.type !== 'report') throw new Error('The reader gave no report');
      return message;
    },
  };
};
