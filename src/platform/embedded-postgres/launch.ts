import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { startupError } from '../startup-error.js';
import type { Account } from './account.js';

export interface Launch {
  /** Absolute path of `initdb` or `postgres`. */
  readonly program: string;
  readonly args: readonly string[];
  /** The data directory; handed over as `-D`. */
  readonly folder: string;
  readonly account: Account | undefined;
  /** Where both output streams go: an open file, or a pipe to this process. */
  readonly output: number | 'pipe';
}

/**
 * Starts a program of PostgreSQL on a data directory, in a process group of its own (Ctrl-C in a terminal must reach only
 * our server, which then stops PostgreSQL in order), with almost no environment (it holds our secrets).
 *
 * As another user on Linux the data directory is opened here and handed over as file descriptor 3, and PostgreSQL is told
 * `-D /proc/self/fd/3`: so it never has to pass through the folders above, which that user may not enter.
 */
export async function launch({ program, args, folder, account, output }: Launch): Promise<ChildProcess> {
  const byDescriptor = account !== undefined && existsSync('/proc/self/fd');
  if (account !== undefined && !byDescriptor) await refuseClosedFolders(folder, account);
  const handle = byDescriptor ? await open(folder, 'r') : undefined;
  try {
    return spawn(program, ['-D', handle === undefined ? folder : '/proc/self/fd/3', ...args], {
      ...account,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      detached: true,
      stdio: ['ignore', output, output, ...(handle === undefined ? [] : [handle.fd])],
    });
  } finally {
    await handle?.close();
  }
}

/** Where descriptors cannot be handed over (macOS as root), every folder above must let the account pass. */
async function refuseClosedFolders(folder: string, account: Account): Promise<void> {
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    const { uid, gid, mode } = await stat(at);
    const pass = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & pass) === 0) {
      throw startupError(
        'postgres_start_failed',
        `PostgreSQL cannot run as root, and the user it would run as (${account.uid}) cannot enter ${at}. ` +
          'Start the server as an ordinary user, or set DATA_DIR to a folder that everybody may enter.',
      );
    }
    if (at === path.dirname(at)) return;
  }
}

/** Resolves when the program has ended: with its exit code or signal as text, or with why it could not start at all. */
export function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve(String(child.exitCode ?? child.signalCode));
      return;
    }
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(String(code ?? signal)));
  });
}
