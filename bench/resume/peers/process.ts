import { startBareServer } from './bare-server.js';
import { startInsertServer } from './insert-server.js';
import { startSocketioServer } from './socketio-server.js';

/** What a peer process is told to be. */
export type PeerJob =
  | {
      readonly kind: 'ws' | 'socketio';
      readonly port: number;
      readonly file: string;
      readonly citizens: number;
      readonly officerEveryMs: number;
    }
  | { readonly kind: 'insert'; readonly port: number; readonly databaseUrl: string };

export type ToPeer =
  | { readonly type: 'job'; readonly job: PeerJob }
  | { readonly type: 'go'; readonly startAt: number; readonly seconds: number };

/** A peer that serves; `go` starts its officers. */
export interface RunningPeer {
  readonly go: (startAt: number, seconds: number) => void;
}

const start = (job: PeerJob): Promise<RunningPeer> => {
  switch (job.kind) {
    case 'ws':
      return startBareServer(job);
    case 'socketio':
      return startSocketioServer(job);
    case 'insert':
      return startInsertServer(job);
  }
};

let peer: RunningPeer | undefined;

const obey = async (message: ToPeer): Promise<void> => {
  if (message.type === 'go') {
    peer?.go(message.startAt, message.seconds);
    return;
  }
  peer = await start(message.job);
  process.send?.('ready');
};

process.on('message', (message) => {
  obey(message as ToPeer).catch((error: unknown) => {
    console.error('A peer failed', error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));
