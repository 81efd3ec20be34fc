import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file as it lies on the disk until it has been checked: under a key that only this process knows, and only now. */
export interface ReceivedFile {
  readonly path: string;
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly sizeBytes: number;
  /** Removes it. */
  drop(): Promise<void>;
}

export type Received =
  | { readonly ok: true; readonly file: ReceivedFile }
  | { readonly ok: false; readonly why: 'too_large' | 'too_slow' | 'broken_off' };

export interface ReceiveLimits {
  readonly maxBytes: number;
  /** A sender that is slower than this over a while is cut (security.md row 14). */
  readonly minBytesPerS: number;
}

/** How often the speed is looked at, in ms. */
const WATCH_MS = 5000;

interface Stop extends Error {
  readonly why: 'too_large' | 'too_slow';
}
const stop = (why: Stop['why']): Stop => Object.assign(new Error(why), { why });
const isStop = (error: unknown): error is Stop => error instanceof Error && 'why' in error;

/**
 * Writes a body to the disk as it comes in, piece by piece, so that neither its size nor its slowness costs memory. What a
 * crash leaves of it can be read by nobody.
 * @param folder for files that are not finished; `removeLeftovers` of the blob store clears it
 * @param watchMs for tests
 */
export const receiveFile = async (
  source: Readable,
  folder: string,
  { maxBytes, minBytesPerS }: ReceiveLimits,
  watchMs = WATCH_MS,
): Promise<Received> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const target = path.join(folder, randomUUID());
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const drop = (): Promise<void> => rm(target, { force: true });
  let sizeBytes = 0;
  let seen = 0;
  const watch = setInterval(() => {
    if (sizeBytes - seen < (minBytesPerS * watchMs) / 1000) source.destroy(stop('too_slow'));
    seen = sizeBytes;
  }, watchMs);
  // A body that is too large is left standing, so that its sender can still be told; what is too slow is cut off.
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw stop('too_large');
      yield chunk;
    }
  }
  try {
    const cipher = createCipheriv('aes-256-ctr', key, iv);
    await pipeline(counted, cipher, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
    return { ok: true, file: { path: target, key, iv, sizeBytes, drop } };
  } catch (error) {
    await drop();
    if (isStop(error)) return { ok: false, why: error.why };
    if (source.destroyed || source.errored !== null) return { ok: false, why: 'broken_off' };
    throw error;
  } finally {
    clearInterval(watch);
  }
};
