import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { install } from './support/installation.js';
import { cleanUp, folderOf, isRoot, ordinary, query, startServer } from './support/server-process.js';

it('starts as an ordinary user when npm did not run install scripts', async () => {
  const installation = install({ withLinks: false });
  const dataDir = folderOf(ordinary);
  for (const round of ['first', 'second']) {
    const server = startServer(installation, { dataDir, as: ordinary });
    const { url } = await server.started();
    expect(await query(url, 'SELECT 1 AS one'), round).toEqual([{ one: 1 }]);
    await server.end('SIGTERM');
  }
  expect(readdirSync(dataDir).filter((name) => name.startsWith('citizen-postgres-'))).toHaveLength(1);
  await cleanUp(dataDir);
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
