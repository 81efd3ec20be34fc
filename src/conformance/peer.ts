import WebSocket from 'ws';
import { failed } from './outcome.js';

/** A frame as a client sees it, with whatever the server put into it. */
export interface AnyFrame {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly position?: unknown;
  readonly prev?: unknown;
  readonly at?: unknown;
  readonly error?: unknown;
  readonly data: Readonly<Record<string, unknown>>;
  /** All of it, as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** When it came, in ms of the monotonic clock. */
  readonly cameAt: number;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** One connection of the suite. Frames queue up, so that none is missed. */
export interface Peer {
  readonly frames: readonly AnyFrame[];
  /** The subprotocol that the server selected; empty when none. */
  readonly protocol: string;
  /** Headers of the 101 answer. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The next frame not taken yet that fits; those before it are passed over. Fails after `ms`. */
  next(what: string, fits: (frame: AnyFrame) => boolean, ms?: number): Promise<AnyFrame>;
  /** The first frame of all that fits, taken or not; waits for it. Takes nothing. */
  seek(what: string, fits: (frame: AnyFrame) => boolean, ms?: number): Promise<AnyFrame>;
  send(frame: unknown): void;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  /** The close code and reason; fails when the server keeps the connection open for `ms`. */
  closed(ms?: number): Promise<Closed>;
  isOpen(): boolean;
  /** Closes cleanly: what was sent before is read by the server. */
  close(): Promise<void>;
  terminate(): void;
}

export interface ConnectOptions {
  readonly protocols?: readonly string[];
  readonly origin?: string;
  readonly offerCompression?: boolean;
}

export type Connected =
  | { readonly ok: true; readonly peer: Peer }
  /** The server answered the upgrade request with plain HTTP, or the client library refused the answer (status 0). */
  | { readonly ok: false; readonly status: number; readonly body: string };

const FRAME_MS = 5000;
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

const readFrame = (text: string, cameAt: number): AnyFrame => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failed(`The server sent a frame that is not JSON: ${text.slice(0, 80)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw failed(`The server sent a frame that is not an object: ${text.slice(0, 80)}`);
  const raw = value as Record<string, unknown>;
  const data = (typeof raw['data'] === 'object' ? (raw['data'] ?? {}) : {}) as Record<string, unknown>;
  return { ...raw, data, raw, cameAt };
};

/** Resolves as soon as `isTrue` holds; false after `ms`. `onChange` registers and gives the way to leave. */
const waitUntil = (isTrue: () => boolean, ms: number, onChange: (look: () => void) => () => void): Promise<boolean> =>
  new Promise((resolve) => {
    const finish = (result: boolean): void => {
      clearTimeout(timer);
      leave();
      resolve(result);
    };
    const timer = setTimeout(() => finish(isTrue()), ms);
    const leave = onChange(() => {
      if (isTrue()) finish(true);
    });
    if (isTrue()) finish(true);
  });

/** Watches a socket that is opening or open. */
const watch = (socket: WebSocket): Omit<Peer, 'protocol' | 'headers'> => {
  const frames: AnyFrame[] = [];
  const listeners = new Set<() => void>();
  let broken: unknown;
  let end: Closed | null = null;
  let taken = 0;
  const changed = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const onChange = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    try {
      if (isBinary) throw failed('The server sent a binary frame');
      frames.push(readFrame(data.toString('utf8'), performance.now()));
    } catch (error) {
      broken ??= error;
    }
    changed();
  });
  socket.on('close', (code, reason) => {
    end = { code, reason: reason.toString() };
    changed();
  });
  socket.on('error', () => undefined);
  const ended = (): boolean => end !== null || broken !== undefined;
  const wait = async (what: string, find: () => number, ms: number): Promise<number> => {
    await waitUntil(() => find() >= 0 || ended(), ms, onChange);
    const index = find();
    if (index >= 0) return index;
    if (broken !== undefined) throw broken as Error;
    const seen = frames.slice(-6).map(({ type }) => String(type));
    throw failed(
      end === null
        ? `${what} did not come within ${ms} ms (last frames: ${seen.join(', ') || 'none'})`
        : `${what} did not come: the server closed with ${end.code} ${end.reason}`,
    );
  };
  return {
    frames,
    next: async (what, fits, ms = FRAME_MS) => {
      const index = await wait(what, () => frames.findIndex((frame, at) => at >= taken && fits(frame)), ms);
      taken = index + 1;
      return frames[index] as AnyFrame;
    },
    seek: async (what, fits, ms = FRAME_MS) =>
      frames[await wait(what, () => frames.findIndex((frame) => fits(frame)), ms)] as AnyFrame,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendText: (text) => socket.send(text),
    sendBinary: (bytes) => socket.send(bytes),
    closed: async (ms = FRAME_MS) => {
      await waitUntil(() => end !== null, ms, onChange);
      if (end === null) throw failed(`The server did not close the connection within ${ms} ms`);
      return end;
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: async () => {
      socket.close(1000);
      await waitUntil(() => end !== null, FRAME_MS, onChange);
    },
    terminate: () => socket.terminate(),
  };
};

/** Opens a connection, or says how it was refused. */
export const connectPeer = (url: string, options: ConnectOptions, ms: number): Promise<Connected> =>
  new Promise((resolve, reject) => {
    const { protocols = [], origin, offerCompression = false } = options;
    const socket = new WebSocket(url, [...protocols], {
      perMessageDeflate: offerCompression,
      handshakeTimeout: ms,
      maxPayload: MAX_ANSWER_BYTES,
      ...(origin === undefined ? {} : { origin }),
    });
    const peer = watch(socket);
    let headers: Record<string, unknown> = {};
    let answered = false;
    socket.on('upgrade', (response) => {
      answered = true;
      headers = response.headers;
    });
    socket.once('open', () => resolve({ ok: true, peer: { ...peer, headers, protocol: socket.protocol } }));
    socket.once('error', (error) => {
      if (answered) resolve({ ok: false, status: 0, body: error.message });
      else reject(failed(`No connection to ${new URL(url).origin}: ${error.message}`));
    });
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      const done = (): void =>
        resolve({ ok: false, status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', done);
      response.on('error', done);
    });
  });
