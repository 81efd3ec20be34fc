import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { install, type Installation } from './support/installation.js';
import { cleanUp, folderOf, isRoot, ordinary, query, startServer } from './support/server-process.js';

let installation: Installation;
let dataDir: string;
beforeAll(() => void (installation = install({ withLinks: true })));
afterAll(() => rmSync(installation.folder, { recursive: true, force: true }));
beforeEach(() => void (dataDir = folderOf(ordinary)));
afterEach(() => cleanUp(dataDir));

/** Names, owners, modes, times and contents of everything below a folder. */
function fingerprint(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      const { uid, mode, mtimeMs, size } = lstatSync(file);
      const hash = lstatSync(file).isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
      return [name, uid, mode, lstatSync(file).isFile() ? mtimeMs : '', size, hash].join(' ');
    });
}

const own = (file: string): void => {
  if (ordinary.uid !== undefined) chownSync(file, ordinary.uid, ordinary.gid);
};

describe('the embedded PostgreSQL refuses to start, and changes nothing,', () => {
  it('in a folder that it may not write', async () => {
    chmodSync(dataDir, 0o500);
    const refusal = await startServer(installation, { dataDir, as: ordinary }).refused();
    expect(refusal).toMatchObject({ code: 'data_dir_unwritable', left: [] });
    expect(refusal.message).toContain(dataDir);
  });

  it('where DATA_DIR is a file', async () => {
    const file = path.join(dataDir, 'file');
    writeFileSync(file, 'a file');
    expect(await startServer(installation, { dataDir: file, as: ordinary }).refused()).toMatchObject({
      code: 'data_dir_unwritable',
    });
    expect(readFileSync(file, 'utf8')).toBe('a file');
  });

  it.runIf(process.platform === 'linux')('in a file system that takes no folders, at once', async () => {
    const folder = '/proc/citizen/data';
    const refusal = await startServer(installation, { dataDir: folder, minFree: 2 ** 28 }).refused();
    expect(refusal.code).toBe('data_dir_unwritable');
    expect(refusal.message).toContain(folder);
  });

  it('with less free space than MIN_FREE_DISK_BYTES', async () => {
    const missing = path.join(dataDir, 'new');
    const refusal = await startServer(installation, { dataDir: missing, as: ordinary, minFree: 2 ** 60 }).refused();
    expect(refusal.code).toBe('disk_full');
    expect(refusal.message).toMatch(/MIN_FREE_DISK_BYTES\. Nothing was changed/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.runIf(canMount())('on a disk that becomes full while the database is made', async () => {
    const mount = `mount -t tmpfs -o size=12m,mode=700 none ${dataDir} && exec "$@"`;
    const wrapper = ['unshare', '-m', 'sh', '-c', mount, 'sh'];
    const refusal = await startServer(installation, { dataDir, wrapper }).refused();
    expect(refusal).toMatchObject({ code: 'disk_full', left: [] });
    expect(refusal.message).not.toContain('Nothing was changed');
  });

  it.runIf(canMount())('on a disk that became full since, and starts when there is room again', async () => {
    const disk = folderOf({});
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=150m,mode=700', 'none', disk]);
    try {
      const first = startServer(installation, { dataDir: disk });
      await query((await first.started()).url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.end('SIGTERM');
      const filler = path.join(disk, 'filler');
      expect(() => writeFileSync(filler, Buffer.alloc(200 * 2 ** 20))).toThrow('ENOSPC');
      expect(await startServer(installation, { dataDir: disk }).refused()).toMatchObject({ code: 'disk_full' });
      rmSync(filler);
      const second = startServer(installation, { dataDir: disk });
      expect(await query((await second.started()).url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      await second.end('SIGTERM');
    } finally {
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    }
  });

  it('on data of another major version', async () => {
    const cluster = path.join(dataDir, 'postgres');
    mkdirSync(path.join(cluster, 'base'), { recursive: true, mode: 0o700 });
    writeFileSync(path.join(cluster, 'PG_VERSION'), '9999\n');
    for (const name of [cluster, path.join(cluster, 'base'), path.join(cluster, 'PG_VERSION')]) own(name);
    const before = fingerprint(dataDir);
    const refusal = await startServer(installation, { dataDir, as: ordinary }).refused();
    expect(refusal.code).toBe('data_dir_other_version');
    expect(refusal.message).toContain('PostgreSQL 9999');
    expect(fingerprint(dataDir)).toEqual(before);
  });

  it('where something else lies in the place of its data', async () => {
    const cluster = path.join(dataDir, 'postgres');
    mkdirSync(cluster);
    writeFileSync(path.join(cluster, 'holiday.jpg'), 'not ours');
    own(cluster);
    const before = fingerprint(dataDir);
    expect(await startServer(installation, { dataDir, as: ordinary }).refused()).toMatchObject({
      code: 'data_dir_not_ours',
    });
    expect(fingerprint(dataDir)).toEqual(before);
  });
});

describe.runIf(isRoot)('the embedded PostgreSQL started by different users', () => {
  it('runs as the owner of the data for root, so that the owner can start it again', async () => {
    for (const as of [ordinary, {}, ordinary]) {
      const server = startServer(installation, { dataDir, as });
      const { url } = await server.started();
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await server.end('SIGTERM');
    }
    expect(lstatSync(path.join(dataDir, 'postgres', 'PG_VERSION')).uid).toBe(ordinary.uid);
  });

  it('takes data that root has restored from a back-up', async () => {
    const rootDir = folderOf({});
    const first = startServer(installation, { dataDir: rootDir });
    await query((await first.started()).url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.end('SIGTERM');
    const restored = `${rootDir}-restored`;
    cpSync(rootDir, restored, { recursive: true });
    const second = startServer(installation, { dataDir: restored });
    expect(await query((await second.started()).url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.end('SIGTERM');
    await Promise.all([cleanUp(rootDir), cleanUp(restored)]);
  });

  it('tells an ordinary user that the data is another user’s', async () => {
    const cluster = path.join(dataDir, 'postgres');
    mkdirSync(cluster, { mode: 0o755 });
    writeFileSync(path.join(cluster, 'PG_VERSION'), '18\n');
    const refusal = await startServer(installation, { dataDir, as: ordinary }).refused();
    expect(refusal.code).toBe('data_dir_unwritable');
    expect(refusal.message).toContain('belongs to user 0');
  });
});

/** Whether this test run may mount a file system of its own. */
function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
