import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDoctor } from '../../src/cli/doctor.js';
import { masterKeyFingerprint } from '../../src/events/key-wrap.js';
import { allMigrations } from '../../src/storage.js';
import { migrate } from '../../src/platform/migrate.js';
import { openStore } from '../events/eventstoredb/support.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startDouble, type Double } from '../support/eventstoredb-double/index.js';

let database: TestDatabase;
let double: Double;
let dataDir: string;
beforeAll(async () => {
  database = await freshDatabase();
  double = await startDouble();
  dataDir = await mkdtemp(path.join(tmpdir(), 'citizen-doctor-'));
});
afterAll(async () => {
  await double.stop();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { check: string; state: string; found: string; todo?: string }[];
}
const examine = async (
  env: Record<string, string>,
): Promise<Report & { code: number; of: (check: string) => string }> => {
  let text = '';
  const output = { out: (part: string) => void (text += part), err: () => undefined };
  const code = await runDoctor({
    env: { DATA_DIR: dataDir, DATABASE_URL: database.url, MIN_FREE_DISK_BYTES: '0', ...env },
    output,
    json: true,
  });
  const report = JSON.parse(text) as Report;
  return { ...report, code, of: (check) => report.findings.find((one) => one.check === check)?.state ?? 'missing' };
};

it('before the first start all is well, and it says what the start will make', async () => {
  const report = await examine({});
  expect(report).toMatchObject({ ok: true, code: 0 });
  for (const [check, state] of [
    ...[
      ['configuration', 'ok'],
      ['disk', 'ok'],
      ['permissions', 'note'],
      ['database', 'ok'],
      ['migrations', 'note'],
    ],
    ...[
      ['event store', 'ok'],
      ['clock', 'ok'],
    ],
  ] as const) {
    expect([check, report.of(check)]).toEqual([check, state]);
  }
});
it('a bad setting is named, and nothing else is tried', async () => {
  const report = await examine({ PORT: 'many' });
  expect(report).toMatchObject({ ok: false, code: 1 });
  expect(report.findings).toEqual([
    {
      check: 'configuration',
      state: 'bad',
      found: expect.stringContaining('PORT'),
      todo: expect.anything(),
    },
  ]);
});
it('a master key that others may read is bad', async () => {
  const file = path.join(dataDir, 'master.key');
  await writeFile(file, randomBytes(32).toString('base64'));
  await chmod(file, 0o644);
  expect((await examine({})).of('permissions')).toBe('bad');
  await chmod(file, 0o600);
  expect((await examine({})).of('permissions')).toBe('ok');
});
it('a database that is away is bad, with what to do and without its password', async () => {
  const report = await examine({ DATABASE_URL: 'postgres://someone:open-sesame@127.0.0.1:1/nothing' });
  expect(report.of('database')).toBe('bad');
  expect(JSON.stringify(report)).not.toContain('open-sesame');
});
it('migrations of a newer version are bad', async () => {
  await migrate(database.pool, 'citizen', allMigrations);
  expect((await examine({})).of('migrations')).toBe('ok');
  await database.pool.query(`INSERT INTO citizen.schema_migrations (id, checksum) VALUES ('events-999', 'x')`);
  expect((await examine({})).of('migrations')).toBe('bad');
  await database.pool.query(`DELETE FROM citizen.schema_migrations WHERE id = 'events-999'`);
});
describe('the master key', () => {
  const made = randomBytes(32);
  beforeAll(() =>
    database.pool.query('INSERT INTO master_key_fingerprint (fingerprint) VALUES ($1)', [masterKeyFingerprint(made)]),
  );
  afterAll(() => database.pool.query('TRUNCATE master_key_fingerprint'));
  it('that the database was made with is well', async () => {
    expect((await examine({ MASTER_KEY: made.toString('base64') })).of('master key')).toBe('ok');
  });
  it('is bad when it is another one, as the start would refuse it', async () => {
    const report = await examine({ MASTER_KEY: randomBytes(32).toString('base64') });
    expect(report).toMatchObject({ ok: false, code: 1 });
    expect(report.of('master key')).toBe('bad');
  });
  it('is bad when it is gone, where the start would make another one', async () => {
    expect((await examine({ DATA_DIR: path.join(dataDir, 'empty') })).of('master key')).toBe('bad');
  });
  it('is bad when its file is damaged', async () => {
    const folder = path.join(dataDir, 'damaged');
    await mkdir(folder);
    await writeFile(path.join(folder, 'master.key'), 'x', { mode: 0o600 });
    expect((await examine({ DATA_DIR: folder })).of('master key')).toBe('bad');
  });
});
it('an event store is looked at without being written to', async () => {
  const report = await examine({ EVENTSTORE_URL: double.url });
  expect(report).toMatchObject({ ok: true, code: 0 });
  expect(double.server.all).toHaveLength(0);
  await (await openStore(double.url)).close();
  const again = await examine({ EVENTSTORE_URL: double.url });
  expect(again.findings.find(({ check }) => check === 'event store')?.found).toMatch(/24\.10.* has our log/);
});
it('an event store that is away is bad', async () => {
  const report = await examine({ EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false', APPEND_TIMEOUT_MS: '300' });
  expect(report.of('event store')).toBe('bad');
});
it('a log that was restored from an older back-up than the read models is bad, as the start would refuse it', async () => {
  const store = await openStore(double.url);
  await database.pool.query(
    `INSERT INTO citizen.projections (table_name, name, version, shape, role, log_id, position) VALUES ('o', 'o', 1, 's', 'live', $1, $2)`,
    [store.logId, (await store.head()).position + 1n],
  );
  await store.close();
  const report = await examine({ EVENTSTORE_URL: double.url });
  expect(report.findings.some(({ state, found }) => state === 'bad' && found.includes('older back-up'))).toBe(true);
  await database.pool.query(`DELETE FROM citizen.projections WHERE table_name = 'o'`);
});
it('read models of another log are bad', async () => {
  await database.pool.query(
    `INSERT INTO citizen.projections (table_name, name, version, shape, role, log_id) VALUES ('t', 'n', 1, 's', 'live', 'x')`,
  );
  const report = await examine({ EVENTSTORE_URL: double.url });
  expect(report.findings.some(({ state, found }) => state === 'bad' && found.includes('another event log'))).toBe(true);
});
it('the read models of an event store are bad when PostgreSQL is to keep the log again', async () => {
  const report = await examine({});
  expect(report.findings.some(({ state, found }) => state === 'bad' && found.includes('another event log'))).toBe(true);
});
it('an event store that may not be written is bad, and it is found out without writing', async () => {
  const own = await startDouble();
  own.faults.deny('writes');
  const report = await examine({ EVENTSTORE_URL: own.url });
  expect(report.findings).toContainEqual(
    expect.objectContaining({ check: 'event store', state: 'bad', found: expect.stringContaining('may not write') }),
  );
  expect(own.server.all).toHaveLength(0);
  await own.stop();
});
it('an event store that may not be read is bad', async () => {
  const own = await startDouble();
  own.faults.deny('reads');
  const report = await examine({ EVENTSTORE_URL: own.url });
  expect(report.of('event store')).toBe('bad');
  expect(JSON.stringify(report)).toContain('refuses this program');
  await own.stop();
});
it.each([
  'esdb://user:open-sesame@127.0.0.1:2113?tls=maybe',
  'esdb://user:open-sesame:1@127.0.0.1:2113',
  'esdb://user:open-sesame@127.0.0.1:2113?tlsCAFile=not-there.crt',
])('an address that cannot be used is bad, and its password is not told', async (url) => {
  const report = await examine({ EVENTSTORE_URL: url });
  expect(report.of('event store')).toBe('bad');
  expect(JSON.stringify(report)).not.toContain('open-sesame');
});
