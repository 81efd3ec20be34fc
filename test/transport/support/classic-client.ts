import WebSocket from 'ws';
import { classicServerFrameSchema, type ClassicServerFrame } from '../../../src/transport/protocol/classic-frames.js';

export interface OpenedSession {
  readonly sessionId: string;
  readonly websocketUrl: string;
  readonly token: string;
  readonly expiresAt: string;
}

export const openSession = async (url: string, init: RequestInit = {}): Promise<OpenedSession> => {
  const response = await fetch(`${url}/api/agent/session`, { method: 'POST', ...init });
  if (response.status !== 201) throw new Error(`Opening a session was answered with ${response.status}`);
  return (await response.json()) as OpenedSession;
};

export type MessageFrame = Extract<ClassicServerFrame, { type: 'message' }>;
export type ErrorFrame = Extract<ClassicServerFrame, { type: 'error' }>;

/** A socket that queues every frame, so that a test misses none. */
export interface ClassicClient {
  readonly socket: WebSocket;
  /** Every frame so far, with the time (ms) at which it came. */
  readonly frames: readonly { readonly at: number; readonly frame: ClassicServerFrame }[];
  /** The next frame not taken yet that fits; waits for it. Frames before it are passed over. */
  next<F extends ClassicServerFrame>(fits: (frame: ClassicServerFrame) => frame is F): Promise<F>;
  nextMessage(): Promise<MessageFrame>;
  nextError(): Promise<ErrorFrame>;
  send(frame: unknown): void;
  /** Sends a text in the documented shape and gives the assistant's answer. */
  say(text: string): Promise<MessageFrame>;
  /** Resolves with the close code, also when it has closed already. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
}

export const isMessage = (frame: ClassicServerFrame): frame is MessageFrame => frame.type === 'message';
export const isError = (frame: ClassicServerFrame): frame is ErrorFrame => frame.type === 'error';

/** Connects as the documented client does: path `/`, session in the query, no subprotocol. */
export const connectClassic = async (
  url: string,
  sessionId: string,
  options: WebSocket.ClientOptions = {},
): Promise<ClassicClient> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?sessionId=${sessionId}`, options);
  const frames: { at: number; frame: ClassicServerFrame }[] = [];
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
    frames.push({ at: performance.now(), frame: classicServerFrameSchema.parse(JSON.parse(data.toString())) });
    wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode ?? 0}`));
    });
  });
  socket.on('error', () => undefined);

  const next: ClassicClient['next'] = async (fits) => {
    for (;;) {
      while (taken < frames.length) {
        const frame = frames[taken]?.frame;
        taken += 1;
        if (frame !== undefined && fits(frame)) return frame;
      }
      if (ended) throw new Error('The socket closed before the frame came');
      await new Promise<void>((resolve) => {
        const waiter = (): void => {
          waiters.delete(waiter);
          resolve();
        };
        waiters.add(waiter);
      });
    }
  };
  const send = (frame: unknown): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  return {
    socket,
    frames,
    next,
    nextMessage: () => next(isMessage),
    nextError: () => next(isError),
    send,
    say: (text) => {
      send({ type: 'message', data: { message: text, sessionId } });
      return next(isMessage);
    },
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
  };
};

/** The HTTP status with which an upgrade is refused; 101 when it is not. */
export const upgradeStatus = (
  url: string,
  options: WebSocket.ClientOptions & { readonly protocols?: readonly string[] } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
  new Promise((resolve, reject) => {
    const { protocols = [], ...rest } = options;
    const socket = new WebSocket(url.replace('http', 'ws'), [...protocols], rest);
    let headers: Record<string, unknown> = {};
    socket.on('upgrade', (response) => (headers = response.headers));
    socket.on('open', () => {
      socket.terminate();
      resolve({ status: 101, headers, body: '' });
    });
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    socket.on('error', reject);
  });
