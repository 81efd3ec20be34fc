import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { explainDataDirError, makeFolders } from '../platform/data-dir.js';
import { blobStoreFull, type BlobStore, type StoredBlob } from './blob-store.js';

// `<folder>/files/<2 letters>/<owner>/<name>` and `<folder>/tmp/<uuid>`: a file is written whole and durable under a
// temporary name and then renamed, so that a crash leaves either the file or a leftover that `removeLeftovers` takes.

const SAFE = /^[0-9a-f]{16,64}$/;

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const writeDurably = async (file: string, bytes: Buffer): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const children = async (folder: string): Promise<readonly string[]> => (await orNull(readdir(folder))) ?? [];

/**
 * Evidence on the local disk. `quotaBytes` is for all files together; writing also stops when the disk has less than
 * `minFreeBytes` left. Owner and name are lower-case hex.
 * @throws StartupError `data_dir_unwritable` or `disk_full`
 */
export const createDiskBlobStore = async (options: {
  readonly folder: string;
  readonly quotaBytes: number;
  readonly minFreeBytes: number;
}): Promise<BlobStore> => {
  const files = path.join(options.folder, 'files');
  const temporary = path.join(options.folder, 'tmp');
  try {
    for (const made of [files, temporary]) await makeFolders(made);
  } catch (error) {
    throw explainDataDirError(error, path.dirname(options.folder));
  }

  const folderOf = (owner: string): string => {
    if (!SAFE.test(owner)) throw new Error('An owner is lower-case hex');
    return path.join(files, owner.slice(0, 2), owner);
  };
  const fileOf = (owner: string, name: string): string => {
    if (!SAFE.test(name)) throw new Error('A name is lower-case hex');
    return path.join(folderOf(owner), name);
  };

  async function* list(): AsyncGenerator<StoredBlob> {
    for (const letters of await children(files))
      for (const owner of await children(path.join(files, letters)))
        for (const name of await children(path.join(files, letters, owner))) {
          const found = await orNull(stat(path.join(files, letters, owner, name)));
          if (found !== null) yield { owner, name, bytes: found.size, writtenAt: found.mtime };
        }
  }

  const countBytes = async (): Promise<number> => {
    let bytes = 0;
    for await (const blob of list()) bytes += blob.bytes;
    return bytes;
  };
  let usedBytes = await countBytes();

  const checkRoom = async (bytes: number): Promise<void> => {
    if (usedBytes > options.quotaBytes) throw blobStoreFull('the quota is used up');
    const disk = await statfs(options.folder);
    if (disk.bavail * disk.bsize - bytes < options.minFreeBytes) throw blobStoreFull('the disk is nearly full');
  };

  const put: BlobStore['put'] = async (owner, name, sealed) => {
    const target = fileOf(owner, name);
    if ((await orNull(stat(target))) !== null) return;
    usedBytes += sealed.length; // Reserved before it is checked: two files cannot both take the last room.
    const half = path.join(temporary, randomUUID());
    try {
      await checkRoom(sealed.length);
      await writeDurably(half, sealed);
      const folder = folderOf(owner);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(half, target);
      await syncFolder(folder);
      await syncFolder(path.dirname(options.folder));
    } catch (error) {
      usedBytes -= sealed.length;
      await rm(half, { force: true });
      throw error instanceof Error && 'code' in error && error.code === 'ENOSPC'
        ? blobStoreFull('the disk is full')
        : error;
    }
  };

  return {
    put,
    get: (owner, name) => orNull(readFile(fileOf(owner, name))),
    has: async (owner, name) => (await orNull(stat(fileOf(owner, name)))) !== null,
    ownerBytes: async (owner) => {
      const folder = folderOf(owner);
      const sizes = await Promise.all((await children(folder)).map((name) => orNull(stat(path.join(folder, name)))));
      return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0);
    },
    list,
    remove: async (owner, name) => {
      const found = await orNull(stat(fileOf(owner, name)));
      if (found === null) return;
      await rm(fileOf(owner, name), { force: true });
      usedBytes -= found.size;
    },
    removeAll: async (owner) => {
      const folder = folderOf(owner);
      let removed = 0;
      for (const name of await children(folder)) {
        const found = await orNull(stat(path.join(folder, name)));
        if (found === null) continue;
        await rm(path.join(folder, name), { force: true });
        usedBytes -= found.size;
        removed += 1;
      }
      if (removed > 0) await orNull(syncFolder(folder));
      return removed;
    },
    removeLeftovers: async (olderThanMs) => {
      const names = await children(temporary);
      const old = await Promise.all(
        names.map(async (name) => {
          const found = await orNull(stat(path.join(temporary, name)));
          if (found === null || Date.now() - found.mtimeMs < olderThanMs) return 0;
          await rm(path.join(temporary, name), { force: true });
          return 1;
        }),
      );
      usedBytes = await countBytes();
      return old.reduce<number>((sum, one) => sum + one, 0);
    },
  };
};
