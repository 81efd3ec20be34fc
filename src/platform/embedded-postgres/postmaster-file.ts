import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** What PostgreSQL says about itself in `postmaster.pid`, perhaps left behind by one that was killed. */
export interface PostmasterFile {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
}

/** Path of the file in a data directory. */
export const postmasterFilePath = (folder: string): string => path.join(folder, 'postmaster.pid');

/** Reads `postmaster.pid`; `undefined` when there is none or it is not complete yet. */
export async function readPostmasterFile(folder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(postmasterFilePath(folder), 'utf8').catch(() => '');
  // Lines: process id, data directory, start time, port, folder of the socket, address, shared memory, status.
  const [pid, , , port, host] = text.split('\n');
  const found = { pid: Math.abs(Number(pid)), port: Number(port), host: host ?? '' };
  return found.pid > 0 && found.port > 0 && found.host !== '' ? found : undefined;
}
