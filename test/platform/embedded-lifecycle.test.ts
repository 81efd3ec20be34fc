import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { install, type Installation } from './support/installation.js';
import {
  cleanUp,
  folderOf,
  goneFor,
  isRoot,
  ordinary,
  query,
  startServer,
  type ServerProcess,
  type User,
} from './support/server-process.js';

const users: { name: string; as: User }[] = [
  { name: 'an ordinary user', as: ordinary },
  ...(isRoot ? [{ name: 'root', as: {} }] : []),
];

/** Copies with owners and modes kept, as a back-up would. */
const copy = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to]);

let installation: Installation;
beforeAll(() => void (installation = install({ withLinks: true })));
afterAll(() => rmSync(installation.folder, { recursive: true, force: true }));

describe.each(users)('the embedded PostgreSQL started by $name', ({ as }) => {
  let dataDir: string;
  const start = (folder = dataDir): ServerProcess => startServer(installation, { dataDir: folder, as });
  /** Stores a row and gives it back only when PostgreSQL has acknowledged it. */
  const store = (url: string): Promise<unknown> => query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const stored = (url: string): Promise<unknown> => query(url, 'SELECT answer FROM kept');

  let model: string;
  beforeAll(async () => {
    model = folderOf(as);
    const server = start(model);
    await server.started();
    await server.end('SIGTERM');
  });
  afterAll(() => cleanUp(model));
  // Each test works on a copy: making a database each time would take most of the time.
  beforeEach(() => {
    dataDir = `${model}-copy`;
    copy(model, dataDir);
  });
  afterEach(() => cleanUp(dataDir));

  it('keeps its data over an orderly stop, which leaves no process and no socket behind', async () => {
    const first = start();
    const { url, postmaster } = await first.started();
    const socketFolder = new URL(url.replace('@/', '@host/')).searchParams.get('host')!;
    await store(url);
    expect(await first.end('SIGTERM')).toBe(0);
    await goneFor(postmaster);
    expect(statSync(socketFolder, { throwIfNoEntry: false })).toBeUndefined();

    const second = start();
    expect(await stored((await second.started()).url)).toEqual([{ answer: 42 }]);
    await second.end('SIGTERM');
  });

  it('syncs to disk, checks its pages, and listens on a private socket only', async () => {
    const server = start();
    const { url } = await server.started();
    const [settings] = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
              current_setting('synchronous_commit') AS commits, current_setting('data_checksums') AS checksums,
              current_setting('listen_addresses') AS addresses, current_setting('server_encoding') AS encoding`,
    );
    expect(settings).toEqual({
      ...{ fsync: 'on', pages: 'on', commits: 'on', checksums: 'on', addresses: '', encoding: 'UTF8' },
    });
    const socketFolder = new URL(url.replace('@/', '@host/')).searchParams.get('host')!;
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    await server.end('SIGTERM');
  });

  it('is taken over, running, by the next server after its server was killed', async () => {
    const first = start();
    const { url, postmaster } = await first.started();
    await store(url);
    await first.end('SIGKILL');

    const second = start();
    const taken = await second.started();
    expect(taken).toMatchObject({ url, postmaster });
    expect(await stored(taken.url)).toEqual([{ answer: 42 }]);
    expect(await second.end('SIGTERM')).toBe(0);
    await goneFor(postmaster);
  });

  it('is started again at the same address when it was killed, with every acknowledged row', async () => {
    const server = start();
    const { url, postmaster } = await server.started();
    await store(url);
    process.kill(postmaster, 'SIGKILL');
    await goneFor(postmaster);
    const rows = await vi.waitFor(() => stored(url), { timeout: 60_000, interval: 50 });
    expect(rows).toEqual([{ answer: 42 }]);
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('recovers when it was killed together with its server', async () => {
    const first = start();
    const { url, postmaster } = await first.started();
    await store(url);
    first.process.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    const second = start();
    const again = await second.started();
    expect(again.postmaster).not.toBe(postmaster);
    expect(await stored(again.url)).toEqual([{ answer: 42 }]);
    await second.end('SIGTERM');
  });
});
