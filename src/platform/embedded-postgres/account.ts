import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startupError } from '../startup-error.js';

const run = promisify(execFile);

/** The user that PostgreSQL runs as when the server itself is root (PostgreSQL refuses to run as root). */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Says as whom PostgreSQL must run: `undefined` means as the user of this process. For root it is the owner of the data
 * there is already, else the owner of DATA_DIR (so that a start by root once does not lock out the user whose folder it
 * is), else the user `postgres`, else `nobody`.
 * @param folders looked at in this order; missing ones do not count
 */
export async function chooseAccount(folders: readonly string[]): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const account = await accountOf(name);
    if (account !== undefined) return account;
  }
  throw startupError(
    'postgres_start_failed',
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor "nobody". Start the server as an ordinary user.',
  );
}

async function accountOf(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    const account = { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    return Number.isInteger(account.uid) && Number.isInteger(account.gid) && account.uid !== 0 ? account : undefined;
  } catch {
    return undefined;
  }
}
