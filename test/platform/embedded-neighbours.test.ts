import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { createLogger } from '../../src/platform/logging.js';
import { install, type Installation } from './support/installation.js';
import {
  cleanUp,
  folderOf,
  goneFor,
  ordinary,
  query,
  startServer,
  type ServerProcess,
} from './support/server-process.js';

/** Copies with owners and modes kept, as a back-up would. */
const copy = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to]);

let installation: Installation;
beforeAll(() => void (installation = install({ withLinks: true })));
afterAll(() => rmSync(installation.folder, { recursive: true, force: true }));

describe('the embedded PostgreSQL among other processes', () => {
  const as = ordinary;
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

  it('runs side by side with another one on a folder of its own', async () => {
    const otherDir = folderOf(as);
    const servers = [start(), start(otherDir)];
    const [one, other] = await Promise.all(servers.map((server) => server.started()));
    await store(one!.url);
    await expect(stored(other!.url)).rejects.toThrow('does not exist');
    await Promise.all(servers.map((server) => server.end('SIGTERM')));
    await cleanUp(otherDir);
  });

  it('refuses a second server and goes on serving the first', async () => {
    const first = start();
    const { url } = await first.started();
    const { code, message } = await start().refused();
    expect(code).toBe('data_dir_in_use');
    expect(message).toContain(`process ${first.process.pid}`);
    await store(url);
    await first.end('SIGTERM');
  });

  it('serves exactly one of several servers that start at once on an empty folder', async () => {
    await cleanUp(dataDir);
    dataDir = folderOf(as);
    const servers = [start(), start(), start()];
    const outcomes = await Promise.allSettled(servers.map((server) => server.started()));
    const winners = servers.filter((_, index) => outcomes[index]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const loser of servers.filter((server) => server !== winners[0])) {
      expect(await loser.refused()).toMatchObject({
        code: 'data_dir_in_use',
        left: expect.arrayContaining(['postgres']),
      });
    }
    await winners[0]!.end('SIGTERM');
  });

  it('ends by itself when its server just exits', async () => {
    const server = start();
    const { postmaster } = await server.started();
    server.process.stdin!.write('exit\n');
    await goneFor(postmaster);
  });

  it('starts on a copy of a folder without touching the server of the original', async () => {
    const first = start();
    const original = await first.started();
    await store(original.url);
    await first.end('SIGTERM');
    const copied = `${dataDir}-2`;
    copy(dataDir, copied);
    const again = start();
    const running = await again.started();
    copy(path.join(dataDir, 'postgres', 'postmaster.pid'), path.join(copied, 'postgres', 'postmaster.pid'));

    const other = start(copied);
    const { url, postmaster } = await other.started();
    expect(postmaster).not.toBe(running.postmaster);
    await query(url, 'DROP TABLE kept');
    expect(await stored(running.url)).toEqual([{ answer: 42 }]);
    await Promise.all([again.end('SIGTERM'), other.end('SIGTERM')]);
    await cleanUp(copied);
  });

  it('starts although postmaster.pid names a process that now is another program', async () => {
    const first = start();
    const { url, postmaster } = await first.started();
    await store(url);
    first.process.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await goneFor(postmaster);
    const stranger = startServer({ folder: '', program: '-e' }, { dataDir: 'setInterval(() => {}, 1000)', as });
    const file = path.join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.process.pid)));

    const second = start();
    expect(await stored((await second.started()).url)).toEqual([{ answer: 42 }]);
    await second.end('SIGTERM');
    await stranger.end('SIGKILL');
  });

  it('logs neither statements nor values, and does not hand secrets to PostgreSQL', async () => {
    const server = startServer(installation, { dataDir, as, env: { MASTER_KEY: 'canary-in-the-environment' } });
    const { url, postmaster } = await server.started();
    await expect(query(url, `SELECT 'canary-in-a-value'::int`)).rejects.toThrow('canary-in-a-value');
    await expect(query(url, 'SELEKT canary_in_a_statement')).rejects.toThrow('syntax');
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${postmaster}/environ`, 'utf8')).not.toContain('canary');
    await server.end('SIGTERM');
    const log = readFileSync(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toMatch(/canary/);
  });

  it('reports that it gives up when it cannot be started again', async () => {
    let report = (_error: unknown): void => undefined;
    const gaveUp = new Promise<unknown>((resolve) => (report = resolve));
    const postgres = await startEmbeddedPostgres({
      ...{ dataDir, minFreeDiskBytes: 0, logger: createLogger({ logLevel: 'silent' }) },
      onGaveUp: (error) => report(error),
    });
    rmSync(path.join(dataDir, 'postgres', 'global', 'pg_control'));
    process.kill(postgres.pid(), 'SIGKILL');
    expect(await gaveUp).toMatchObject({ code: 'postgres_start_failed' });
    await postgres.stop();
  });
});
