import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { isStartupError, startupError, type StartupError } from './startup-error.js';

const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT', 'ELOOP']);

/** The `code` of a system error (`ENOENT` and so on), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a file system error in DATA_DIR into a `StartupError` that says what to do; gives any other error back as it is. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  if (isStartupError(error)) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(dataDir, error);
  if (code === undefined || !unwritable.has(code)) return error;
  return startupError(
    'data_dir_unwritable',
    `DATA_DIR ${dataDir} cannot be written (${code}). Give this user the right to write there, or set DATA_DIR to another folder.`,
    error,
  );
}

/** The error for a disk without room. */
export function diskFull(dataDir: string, cause?: unknown): StartupError {
  return startupError(
    'disk_full',
    `The disk of DATA_DIR ${dataDir} is full. Nothing was changed. Free some space, or set DATA_DIR to a folder on another disk.`,
    cause,
  );
}

/**
 * Makes DATA_DIR if it is missing (mode 0700) and checks that this process can write in it and that there is room.
 * @param minFreeBytes least free space, in bytes
 * @returns the absolute path
 * @throws StartupError `data_dir_unwritable` or `disk_full`
 */
export async function prepareDataDir(dataDir: string, minFreeBytes: number): Promise<string> {
  const folder = path.resolve(dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < minFreeBytes) {
      throw startupError(
        'disk_full',
        `DATA_DIR ${folder} has ${mebibytes(free)} free, less than the ${mebibytes(minFreeBytes)} of MIN_FREE_DISK_BYTES. ` +
          'Nothing was changed. Free some space, or set DATA_DIR to a folder on another disk.',
      );
    }
    const probe = path.join(folder, `.probe-${randomBytes(6).toString('hex')}`);
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe);
    return folder;
  } catch (error) {
    throw explainDataDirError(error, folder);
  }
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
