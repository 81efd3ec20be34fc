import WebSocket from 'ws';
import { v1ServerFrameSchema, type V1ServerFrame } from '../../../src/transport/protocol/v1-server-frames.js';

export type FrameOf<T extends V1ServerFrame['type']> = Extract<V1ServerFrame, { type: T }>;
export type Durable = FrameOf<'message'> | FrameOf<'status'>;

/** A socket of the resumable profile that queues every frame, so that a test misses none. Frames are checked on arrival. */
export interface V1Client {
  readonly socket: WebSocket;
  /** Every frame so far. */
  readonly frames: readonly V1ServerFrame[];
  /** The durable ones. */
  durable(): Durable[];
  /** The next frame not taken yet of that type (that fits); waits for it. Frames before it are passed over. */
  next<T extends V1ServerFrame['type']>(type: T, fits?: (frame: FrameOf<T>) => boolean): Promise<FrameOf<T>>;
  send(frame: unknown): void;
  /** Sends a message and gives its acknowledgement, or the error that answers it. */
  post(id: string, message: string, more?: object): Promise<FrameOf<'ack'> | FrameOf<'error'>>;
  /** Resolves with the close code, also when it has closed already. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
}

export interface V1Options extends WebSocket.ClientOptions {
  readonly protocols?: readonly string[];
}

export const isDurable = (frame: V1ServerFrame): frame is Durable =>
  frame.type === 'message' || frame.type === 'status';

/** Opens a socket without saying hello. */
export const openV1 = async (url: string, { protocols, ...options }: V1Options = {}): Promise<V1Client> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, [...(protocols ?? ['leoma.chat.v1'])], options);
  const frames: V1ServerFrame[] = [];
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };
  let taken = 0;
  let ended = false;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      ended = true;
      resolve({ code, reason: reason.toString() });
      wake();
    });
  });
  socket.on('message', (data: Buffer) => {
    frames.push(v1ServerFrameSchema.parse(JSON.parse(data.toString())));
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode ?? 0}`)));
  });
  socket.on('error', () => undefined);
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      const waiter = (): void => {
        waiters.delete(waiter);
        resolve();
      };
      waiters.add(waiter);
    });
  const next: V1Client['next'] = async (type, fits = () => true) => {
    for (;;) {
      while (taken < frames.length) {
        const frame = frames[taken] as FrameOf<typeof type>;
        taken += 1;
        if (frame.type === type && fits(frame)) return frame;
      }
      if (ended) throw new Error(`The socket closed before a frame ${type} came`);
      await changed();
    }
  };
  const send = (frame: unknown): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const isAnswer = (frame: V1ServerFrame, id: string): frame is FrameOf<'ack'> | FrameOf<'error'> =>
    (frame.type === 'ack' || frame.type === 'error') && frame.id === id;
  return {
    socket,
    frames,
    durable: () => frames.filter(isDurable),
    next,
    send,
    post: async (id, message, more = {}) => {
      const from = frames.length;
      send({ type: 'message', id, data: { message, ...more } });
      for (;;) {
        const answer = frames.slice(from).find((frame) => isAnswer(frame, id));
        if (answer !== undefined && isAnswer(answer, id)) return answer;
        if (ended) throw new Error('The socket closed before the answer came');
        await changed();
      }
    },
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
  };
};

/** Connects and says hello; gives the client and its welcome. */
export const connectV1 = async (
  url: string,
  token: string,
  resume: string | null = null,
  options: V1Options = {},
): Promise<V1Client & { readonly welcome: FrameOf<'welcome'> }> => {
  const client = await openV1(url, options);
  client.send({
    type: 'hello',
    data: {
      token,
      resume: resume === null ? null : { position: resume },
      client: { name: 'test', version: '1' },
      want: ['delta', 'receipts'],
    },
  });
  return { ...client, welcome: await client.next('welcome') };
};
