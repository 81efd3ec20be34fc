import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the PostgreSQL server of this test run; make a database of your own with `freshDatabase()`. */
    databaseUrl: string;
  }
}

/** For now: the PostgreSQL installed on the machine. The embedded one takes its place when it is complete. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'citizen-test-'));
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
  const as = process.getuid?.() === 0 ? { uid: uid!, gid: gid! } : {};
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = path.join(folder, 'data');
  const options = { ...as, cwd: folder, stdio: 'ignore' } as const;
  execFileSync('initdb', ['-D', data, '-U', 'citizen', '--locale=C', '-E', 'UTF8', '-A', 'trust'], options);
  const server = spawn('postgres', ['-D', data, '-k', folder, '-c', 'listen_addresses='], options);
  const url = `postgres://citizen@/postgres?host=${encodeURIComponent(folder)}&port=5432`;
  const deadline = Date.now() + 20_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    const up = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end();
    if (up) break;
    if (Date.now() > deadline) throw new Error('PostgreSQL for the tests did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  project.provide('databaseUrl', url);
  return async () => {
    server.kill('SIGINT');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  };
}
