import { Worker } from 'node:worker_threads';
import type { ReceivedFile } from './receive-file.js';
import { decodeBase64, loadReceived, sealBytes, transferable } from './bytes-work.mjs';

/** From this many bytes on, work is done in a worker thread, so that no other citizen waits for it (protocol.md, L7). */
export const OFF_THREAD_BYTES = 1024 * 1024;
/** A worker that had nothing to do for this long is ended. */
const IDLE_MS = 30_000;

export interface Decoded {
  readonly bytes: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

type Job =
  | { readonly kind: 'decode'; readonly text: string }
  | { readonly kind: 'load'; readonly path: string; readonly key: Buffer; readonly iv: Buffer }
  | { readonly kind: 'seal'; readonly bytes: Buffer; readonly key: Buffer; readonly aad: string };

/** The heavy work on files: small ones at once, large ones in a thread that is started when it is needed. */
export interface ByteWorker {
  /** Null when the text is not base64. */
  decode(base64: string): Promise<Decoded | null>;
  /** Reads a file as `receiveFile` left it. */
  load(file: ReceivedFile): Promise<Decoded>;
  /** Seals with AES-256-GCM under a 32-byte key, bound to `aad`. The bytes are taken over: they may be gone afterwards. */
  seal(bytes: Buffer, key: Buffer, aad: string): Promise<Buffer>;
  close(): Promise<void>;
}

interface Answer {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const asBuffer = (value: unknown): Buffer => {
  if (!(value instanceof Uint8Array)) throw new Error('The worker gave no bytes');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
};

const asDecoded = (value: unknown): Decoded | null => {
  if (value === null) return null;
  if (typeof value !== 'object' || !('bytes' in value) || !('sha256' in value))
    throw new Error('The worker gave nothing');
  return { bytes: asBuffer(value.bytes), sha256: String(value.sha256) };
};

/** `offThreadBytes` is for tests; see `OFF_THREAD_BYTES`. */
export const createByteWorker = (options: { readonly offThreadBytes?: number } = {}): ByteWorker => {
  const offThreadBytes = options.offThreadBytes ?? OFF_THREAD_BYTES;
  const waiters = new Map<number, Waiter>();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let number = 0;

  const forget = (gone: Worker, error: Error): void => {
    if (worker !== gone) return;
    worker = null;
    for (const waiter of waiters.values()) waiter.reject(error);
    waiters.clear();
  };

  const start = (): Worker => {
    const fresh = new Worker(new URL('./decode-worker.mjs', import.meta.url), { stdin: false });
    fresh.unref();
    fresh.on('message', (answer: Answer) => {
      const waiter = waiters.get(answer.number);
      waiters.delete(answer.number);
      if (answer.error === undefined) waiter?.resolve(answer.result);
      else waiter?.reject(new Error(answer.error));
      if (waiters.size === 0) idle = setTimeout(() => void stop(), IDLE_MS).unref();
    });
    fresh.on('error', (error) => forget(fresh, error instanceof Error ? error : new Error('The worker failed')));
    fresh.on('exit', () => forget(fresh, new Error('The worker ended')));
    return fresh;
  };

  const stop = async (): Promise<void> => {
    clearTimeout(idle);
    const gone = worker;
    if (gone === null) return;
    await gone.terminate();
    forget(gone, new Error('The worker ended'));
  };

  const run = async (job: Job, handedOver: readonly ArrayBuffer[] = []): Promise<unknown> => {
    clearTimeout(idle);
    worker ??= start();
    const running = worker;
    number += 1;
    const mine = number;
    return new Promise((resolve, reject) => {
      waiters.set(mine, { resolve, reject });
      running.postMessage({ number: mine, job }, [...handedOver]);
    });
  };

  return {
    decode: async (text) =>
      text.length * 0.75 < offThreadBytes ? decodeBase64(text) : asDecoded(await run({ kind: 'decode', text })),
    load: async ({ path, key, iv, sizeBytes }) => {
      if (sizeBytes < offThreadBytes) return loadReceived(path, key, iv);
      const loaded = asDecoded(await run({ kind: 'load', path, key, iv }));
      if (loaded === null) throw new Error('The worker gave nothing');
      return loaded;
    },
    seal: async (bytes, key, aad) =>
      bytes.length < offThreadBytes
        ? sealBytes(bytes, key, aad)
        : asBuffer(await run({ kind: 'seal', bytes, key, aad }, transferable(bytes))),
    close: stop,
  };
};
