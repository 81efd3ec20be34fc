import { copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

const largestBytes = 4 * 2 ** 20;
const tailBytes = 4096;

/** The log file of the embedded PostgreSQL. It holds starts, stops and crashes; no statements and no values. */
export interface ServerLog {
  /** Opened for appending, to be handed to PostgreSQL as its output. The caller closes it. */
  open(): Promise<FileHandle>;
  /** Length now, in bytes; to ask later what has been added. */
  size(): Promise<number>;
  /** The last lines written after the file had that length, at most 4 KiB. */
  since(size: number): Promise<string>;
  /** Keeps the file below a few MiB: moves what it holds to `postgres.log.1`. */
  trim(): Promise<void>;
}

/** The log file `postgres.log` in DATA_DIR. */
export function serverLog(dataDir: string): ServerLog {
  const file = path.join(dataDir, 'postgres.log');
  const size = async (): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;
  return {
    open: () => open(file, 'a', 0o600),
    size,
    async since(from) {
      const handle = await open(file, 'r').catch(() => undefined);
      if (handle === undefined) return '';
      try {
        const end = await size();
        const start = Math.max(Math.min(from, end), end - tailBytes);
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead).toString('utf8').trim();
      } finally {
        await handle.close();
      }
    },
    async trim() {
      if ((await size()) < largestBytes) return;
      // PostgreSQL has the file open for appending, so it goes on at the new end after this.
      await copyFile(file, `${file}.1`);
      await truncate(file);
    },
  };
}
