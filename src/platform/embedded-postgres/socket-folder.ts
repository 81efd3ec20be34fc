import { chown, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorCode } from '../data-dir.js';
import { startupError } from '../startup-error.js';
import type { Account } from './account.js';

const prefix = 'citizen-pg-';
/** A Unix socket's path has at most 103 bytes on macOS (107 on Linux); this leaves room for prefix and file name. */
const longestParent = 60;

/**
 * Makes a new folder for the socket with mode 0700, owned by the user that PostgreSQL runs as: whoever may not enter it
 * cannot connect. In the folder for temporary files, because a path below DATA_DIR may be too long for a socket.
 */
export async function makeSocketFolder(account: Account | undefined): Promise<string> {
  const preferred = os.tmpdir();
  // PostgreSQL reads a list here, so a comma or a quote would be misread.
  const parent = preferred.length <= longestParent && /^[\w./-]+$/.test(preferred) ? preferred : '/tmp';
  const folder = await mkdtemp(path.join(parent, prefix));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Makes the same folder again if somebody has cleaned it away, so that open pools find the restarted server. */
export async function restoreSocketFolder(folder: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    if (account !== undefined) await chown(folder, account.uid, account.gid);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const { uid, mode } = await lstat(folder);
    if (uid !== (account?.uid ?? process.getuid?.()) || (mode & 0o077) !== 0) {
      throw startupError('postgres_start_failed', `The socket folder ${folder} was taken by another user.`);
    }
  }
}

const isOurs = (folder: string): boolean => path.basename(folder).startsWith(prefix);

/** Removes a socket folder, if it is one that this program made. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (isOurs(folder)) await rm(folder, { recursive: true, force: true });
}

/** The same for the last moment of a process, when nothing can be awaited any more. */
export function removeSocketFolderAtExit(folder: string): void {
  try {
    if (isOurs(folder)) rmSync(folder, { recursive: true, force: true });
  } catch {
    // An empty folder among the temporary files does no harm.
  }
}
