import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isStartupError, startupError, type StartupError } from './startup-error.js';

/** What file systems answer that do not take folders or files: read-only ones, `/proc`, a file in the place of a folder. */
const unwritable = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT', 'ELOOP', 'ENAMETOOLONG'],
  ...['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENXIO', 'ENODEV', 'EIO', 'ESTALE', 'ENOTCONN'],
]);

/** No room: said by the file system, and by PostgreSQL (SQLSTATE). */
const noRoom = new Set(['ENOSPC', 'EDQUOT', '53100']);
/** With less than this free a failure of any kind is one of room. */
const NEARLY_NOTHING_BYTES = 4 * 2 ** 20;

/** The `code` of a system error (`ENOENT` and so on), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a file system error in DATA_DIR into a `StartupError` that says what to do; gives any other error back as it is. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  if (isStartupError(error)) return error;
  const code = errorCode(error);
  if (code !== undefined && noRoom.has(code)) return diskFull(dataDir, error);
  if (code === undefined || !unwritable.has(code)) return error;
  return startupError(
    'data_dir_unwritable',
    `DATA_DIR ${dataDir} cannot be written (${code}). Give this user the right to write there, or set DATA_DIR to another folder.`,
    error,
  );
}

/**
 * The error for a disk without room. What was there before is unharmed; what a first start had already made (the folder, an
 * empty database) may be left, and the next start goes on from it.
 */
export function diskFull(dataDir: string, cause?: unknown): StartupError {
  return startupError(
    'disk_full',
    `The disk of DATA_DIR ${dataDir} is full. The data that was there is unharmed; what this start had begun to make there may be left, ` +
      'and the next start goes on from it. Free some space, or set DATA_DIR to a folder on another disk.',
    cause,
  );
}

/** The folder itself or, when it is missing, the nearest one above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = await stat(at).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined || at === path.dirname(at)) return at;
  }
}

/**
 * Makes a folder and those above it that are missing (mode 0700), each once. `mkdir` with `recursive` tries for ever where a
 * file system says that the new folder is not there, as `/proc` does to root.
 */
export async function makeFolders(folder: string): Promise<void> {
  const existing = await nearestFolder(folder);
  const missing = path.relative(existing, folder).split(path.sep).filter(Boolean);
  let at = existing;
  for (const name of missing) {
    at = path.join(at, name);
    await mkdir(at, { mode: 0o700 }).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error; // Another process was faster.
    });
  }
}

/**
 * Checks that there is room, makes DATA_DIR if it is missing (mode 0700), and checks that this process can write in it.
 * @param minFreeBytes least free space, in bytes
 * @returns the absolute path
 * @throws StartupError `data_dir_unwritable` or `disk_full`
 */
export async function prepareDataDir(dataDir: string, minFreeBytes: number): Promise<string> {
  const folder = path.resolve(dataDir);
  try {
    const { bavail, blocks, bsize } = await statfs(await nearestFolder(folder));
    const free = bavail * bsize;
    // File systems that keep nothing (`/proc`), and some over a network, have no size at all: writing will tell.
    if (blocks > 0 && free < minFreeBytes) {
      throw startupError(
        'disk_full',
        `DATA_DIR ${folder} has ${mebibytes(free)} free, less than the ${mebibytes(minFreeBytes)} of MIN_FREE_DISK_BYTES. ` +
          'Nothing was changed. Free some space, or set DATA_DIR to a folder on another disk.',
      );
    }
    await makeFolders(folder);
    const probe = path.join(folder, `.probe-${randomBytes(6).toString('hex')}`);
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe);
    return folder;
  } catch (error) {
    throw explainDataDirError(error, folder);
  }
}

/**
 * As `explainDataDirError`, for what fails once the database runs: PostgreSQL without room fails in many ways (a lost connection
 * is one), so that the room itself is looked at.
 */
export async function explainStartError(error: unknown, dataDir: string): Promise<unknown> {
  if (isStartupError(error)) return error;
  if (noRoom.has(errorCode(error) ?? '')) return diskFull(dataDir, error);
  const disk = await statfs(dataDir).catch(() => undefined);
  const isFull = disk !== undefined && disk.blocks > 0 && disk.bavail * disk.bsize < NEARLY_NOTHING_BYTES;
  return isFull ? diskFull(dataDir, error) : error;
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
