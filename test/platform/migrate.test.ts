import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate, type Migration } from '../../src/platform/migrate.js';
import { checkServerVersion } from '../../src/platform/postgres-pool.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { install } from './support/installation.js';

const first: Migration = {
  id: 'things-001',
  sql: 'CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (1)',
};
const second: Migration = { id: 'things-002', sql: 'ALTER TABLE things ADD COLUMN name text' };

let database: TestDatabase;
beforeEach(async () => void (database = await freshDatabase()));
afterEach(() => database.drop());

const applied = async (): Promise<string[]> =>
  (
    await database.pool.query<{ id: string }>('SELECT id FROM citizen.schema_migrations ORDER BY applied_at, id')
  ).rows.map(({ id }) => id);

it('makes the schema and runs each migration once, in order', async () => {
  await migrate(database.pool, 'citizen', [first]);
  await migrate(database.pool, 'citizen', [first, second]);
  await migrate(database.pool, 'citizen', [first, second]);
  expect(await applied()).toEqual(['things-001', 'things-002']);
  expect((await database.pool.query('SELECT * FROM things')).rows).toEqual([{ id: 1, name: null }]);
});

it('lets owners migrate on their own', async () => {
  await migrate(database.pool, 'citizen', [first]);
  await migrate(database.pool, 'citizen', [{ id: 'others-001', sql: 'CREATE TABLE others ()' }]);
  expect(await applied()).toEqual(['things-001', 'others-001']);
});

it('leaves nothing of a migration that fails, and goes on from there the next time', async () => {
  const bad = { id: 'things-002', sql: 'CREATE TABLE half (); SELECT nonsense' };
  await expect(migrate(database.pool, 'citizen', [first, bad])).rejects.toThrow('things-002');
  expect(await applied()).toEqual(['things-001']);
  await expect(database.pool.query('SELECT * FROM half')).rejects.toThrow('does not exist');
  await migrate(database.pool, 'citizen', [first, second]);
  expect(await applied()).toEqual(['things-001', 'things-002']);
});

it('refuses a schema that a newer program has migrated', async () => {
  await migrate(database.pool, 'citizen', [first, second]);
  await expect(migrate(database.pool, 'citizen', [first])).rejects.toMatchObject({ code: 'schema_newer' });
});

it('refuses a migration that is not the one that ran', async () => {
  await migrate(database.pool, 'citizen', [first]);
  const changed = { ...first, sql: `${first.sql};` };
  await expect(migrate(database.pool, 'citizen', [changed])).rejects.toMatchObject({ code: 'schema_changed' });
});

it('says what to do when it may not create the schema', async () => {
  const user = `guest_${process.pid}`;
  await database.pool.query(`CREATE ROLE ${user} LOGIN`);
  const guest = database.createPool({ address: { url: database.url.replace('citizen@', `${user}@`) } });
  await expect(migrate(guest, 'citizen', [first])).rejects.toMatchObject({ code: 'schema_forbidden' });
  await guest.end();
  await database.pool.query(`DROP ROLE ${user}`);
});

it('runs each migration once when several processes start at the same time', async () => {
  const installation = install({ withLinks: false });
  const slow = { id: 'things-001', sql: `${first.sql}; SELECT pg_sleep(0.2)` };
  const program = path.join(installation.folder, 'migrate.js');
  const args = [program, database.url, JSON.stringify([slow, second])];
  const codes = await Promise.all(
    Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      return new Promise((resolve) => child.once('exit', resolve));
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(await applied()).toEqual(['things-001', 'things-002']);
  rmSync(installation.folder, { recursive: true });
});

it('accepts the server version of this test run', async () => {
  await expect(checkServerVersion(database.pool)).resolves.toBeUndefined();
});

it('says that a database cannot be reached, without its password', async () => {
  const pool = database.createPool({ address: { url: 'postgres://me:canary@127.0.0.1:1/none' } });
  const error: unknown = await checkServerVersion(pool).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'database_unreachable' });
  expect(String(error)).not.toContain('canary');
});
