import { randomBytes } from 'node:crypto';
import { chmod, chown, lchown, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFull, errorCode, explainDataDirError } from '../data-dir.js';
import { startupError } from '../startup-error.js';
import type { Account } from './account.js';
import { superuser } from './connection.js';
import { ended, launch } from './launch.js';
import { isAlive } from './process-state.js';
import type { Programs } from './programs.js';

const draftPrefix = 'postgres.new-';
const abandonedAfterMs = 60_000;

/**
 * Looks at the folder that is to hold the data, without changing anything.
 * @returns the major version that made the data, or `undefined` when there is none yet
 * @throws StartupError `data_dir_not_ours` when something else is in there, `data_dir_unwritable` when it is another user's
 */
export async function inspectCluster(folder: string): Promise<number | undefined> {
  try {
    const names = await readdir(folder);
    if (names.length === 0) return undefined;
    const version = await readFile(path.join(folder, 'PG_VERSION'), 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw error;
    });
    const major = Number(/^(\d+)\s*$/.exec(version)?.[1]);
    if (Number.isInteger(major)) return major;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainDataDirError(error, folder);
  }
  throw startupError(
    'data_dir_not_ours',
    `${folder} holds something, but no PostgreSQL data. Nothing was changed. Move it away, or set DATA_DIR to another folder.`,
  );
}

/**
 * Makes sure that the data belongs to the user PostgreSQL will run as, and to nobody else: data that root has restored
 * from a back-up is handed over.
 * @throws StartupError `data_dir_unwritable` when the data is another user's and we are not root
 */
export async function claimCluster(folder: string, account: Account | undefined): Promise<void> {
  const { uid, mode } = await lstat(folder);
  const wanted = account?.uid ?? process.getuid?.();
  if (uid !== wanted) {
    if (account === undefined) {
      throw startupError(
        'data_dir_unwritable',
        `${folder} belongs to user ${uid}, and this server runs as user ${String(wanted)}. Start it as the same user as before, or run chown -R on DATA_DIR.`,
      );
    }
    for (const name of await readdir(folder, { recursive: true })) {
      await lchown(path.join(folder, name), account.uid, account.gid);
    }
    await chown(folder, account.uid, account.gid);
  }
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/**
 * Makes a new data directory. It is made beside and renamed when whole, so that a start that was cut off leaves nothing
 * half-done; of several processes the first wins.
 * @throws StartupError `disk_full` or `postgres_start_failed`; nothing is left behind
 */
export async function createCluster(folder: string, programs: Programs, account: Account | undefined): Promise<void> {
  const parent = path.dirname(folder);
  await removeAbandonedDrafts(parent);
  const draft = path.join(parent, `${draftPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    if (account !== undefined) await chown(draft, account.uid, account.gid);
    await initialise(draft, programs, account);
    await rename(draft, folder).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    });
    const directory = await open(parent, 'r');
    await directory.sync().finally(() => directory.close());
  } catch (error) {
    throw explainDataDirError(error, parent);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initialise(folder: string, programs: Programs, account: Account | undefined): Promise<void> {
  const args = ['-U', superuser, '-E', 'UTF8', '--locale=C', '--auth=trust', '--data-checksums', '--no-instructions'];
  if (programs.major >= 17) args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  const child = await launch({ program: path.join(programs.bin, 'initdb'), args, folder, account, output: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4096)));
  }
  const result = await ended(child);
  if (result === '0') return;
  if (/No space left on device|Disk quota exceeded/.test(output)) throw diskFull(path.dirname(folder));
  throw startupError('postgres_start_failed', `initdb could not make the database (${result}):\n${output.trim()}`);
}

/** Drafts of processes that were killed while initdb ran. */
async function removeAbandonedDrafts(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(draftPrefix)) continue;
    const draft = path.join(parent, name);
    const { mtimeMs } = await lstat(draft);
    const maker = Number(/^\d+/.exec(name.slice(draftPrefix.length))?.[0]);
    if (Date.now() - mtimeMs > abandonedAfterMs && !(await isAlive(maker))) {
      await rm(draft, { recursive: true, force: true });
    }
  }
}
