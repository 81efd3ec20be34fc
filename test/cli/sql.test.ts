import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repositoryRoot } from '../../demo/server-process.js';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { migrate } from '../../src/platform/migrate.js';
import { allMigrations } from '../../src/storage.js';
import { newEvents, newStream } from '../contract/event-store/support.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

// scripts/sql.mjs with the very statements of docs/operations.md, "A blocked log".
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.pool, 'citizen', allMigrations);
  folder = await mkdtemp(path.join(tmpdir(), 'citizen-sql-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const sql = (
  statements: string,
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(repositoryRoot(), 'scripts', 'sql.mjs')], {
      env: { PATH: process.env['PATH'], ...env },
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
    child.once('close', (code) => resolve({ code, ...said }));
    child.stdin.end(statements);
  });

it('shows and removes a record behind the head, with the statements of the docs', async () => {
  const store = await createPostgresEventStore({
    pool: database.createPool(),
    logger: { debug: () => undefined, warn: () => undefined, error: () => undefined },
    settings: { appendBatchMax: 10, appendTimeoutMs: 5_000, readPageEvents: 10 },
  });
  await store.append(newStream(), newEvents(2), { expected: 'noStream' });
  await store.close();
  await database.pool.query(`
    ALTER TABLE events DISABLE TRIGGER ends_at_head;
    CREATE TEMP TABLE one AS SELECT * FROM events ORDER BY position DESC LIMIT 1;
    UPDATE one SET position = position + 1, stream = 'by-hand', event_id = gen_random_uuid();
    INSERT INTO events SELECT * FROM one;
    ALTER TABLE events ENABLE ALWAYS TRIGGER ends_at_head;`);
  const docs = await readFile(path.join(repositoryRoot(), 'docs', 'operations.md'), 'utf8');
  const [, look = '', mend = ''] = /### A blocked log[^]*?```sql\n([^]*?)```[^]*?```sql\n([^]*?)```/.exec(docs) ?? [];
  const env = { DATABASE_URL: database.url };
  const seen = await sql(look, env);
  expect(seen).toMatchObject({ code: 0 });
  expect(JSON.parse(seen.out)).toMatchObject({ position: '3', stream: 'by-hand' });
  expect(await sql(mend, env)).toMatchObject({ code: 0, err: expect.stringContaining('DELETE 1') as string });
  expect(await sql(look, env)).toMatchObject({ code: 0, out: '' });
});
it('ends with 1 and says what PostgreSQL says when a statement is wrong', async () => {
  const ended = await sql('SELEC 1', { DATABASE_URL: database.url });
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('syntax error') as string });
});
it('makes no database in a DATA_DIR that has none', async () => {
  const dataDir = path.join(folder, 'mistyped');
  const ended = await sql('SELECT 1', { DATA_DIR: dataDir });
  expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('There is no data in DATA_DIR') as string });
  expect(existsSync(dataDir)).toBe(false);
});
