import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PeerJob, ToPeer } from './process.js';

export interface Peer {
  readonly baseUrl: string;
  readonly go: (startAt: number, seconds: number) => void;
  /** Ends it with `kill -9`. */
  kill(): Promise<void>;
}

/** Starts a peer as a process of its own; resolves when it listens. */
export const startPeer = async (job: PeerJob): Promise<Peer> => {
  const child: ChildProcess = fork(fileURLToPath(new URL('./process.js', import.meta.url)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send({ type: 'job', job } satisfies ToPeer);
  await Promise.race([
    new Promise((resolve) => child.once('message', resolve)),
    ended.then(() => Promise.reject(new Error('The peer ended at start'))),
  ]);
  return {
    baseUrl: `http://127.0.0.1:${job.port}`,
    go: (startAt, seconds) => child.send({ type: 'go', startAt, seconds } satisfies ToPeer),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
};
