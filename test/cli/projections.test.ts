import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../src/projections/read-models/index.js';
import { connectClassic, openSession } from '../transport/support/classic-client.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';

// The built program (`dist/`, which `npm test` builds first) beside a server, as an admin uses it.
const program = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/cli/citizen.js');

let server: TestServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startTestServer();
  pool = new pg.Pool({ connectionString: server.databaseUrl, max: 1, options: '-c search_path=citizen' });
  const { sessionId } = await openSession(server.url);
  const client = await connectClassic(server.url, sessionId);
  for (const words of ['My name is Canary Kamara', 'The road is broken']) await client.say(words);
  await client.close();
});
afterAll(async () => {
  await pool.end();
  await server.drop();
});

const citizen = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      ...{ DATABASE_URL: server.databaseUrl, DATA_DIR: server.dataDir, MASTER_KEY: server.masterKey },
    };
    execFile(process.execPath, [program, 'projections', ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
const damage = () =>
  pool.query(
    `DO $$ BEGIN EXECUTE (SELECT format('UPDATE %I SET state = ''erased''', table_name) FROM projections
       WHERE name = 'session-status' AND role = 'live'); END $$`,
  );

describe('citizen projections beside a running server', () => {
  it('list names every read model with its columns, events and copies', async () => {
    const { code, out } = await citizen('list');
    expect(code).toBe(0);
    for (const { name } of projections) expect(out).toContain(name);
    expect((await citizen('list', 'transcript')).out).toMatch(/session_id +text \(key\)/);
  });

  it('status shows position, head, lag, age, rate and owner within 120 columns', async () => {
    const { code, out } = await citizen('status');
    expect(code).toBe(0);
    expect(out).toMatch(/^The event log is at position \d+; its last event is \d+ s old\.$/m);
    expect(out).toMatch(/^transcript +\d+ +live +running +\d+ +\d+ +\d+ s +\d+ +\S+ +\S+\/\d+\//m);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('rebuild, verify, rollback and drop-old do what they say', async () => {
    expect(await citizen('rebuild', 'session-status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('session-status: rebuilt'),
      err: expect.stringContaining('citizen projections rollback'),
    });
    expect(await citizen('verify', 'session-status')).toMatchObject({ code: 0, out: expect.stringContaining('SAME') });
    expect((await citizen('rollback', 'session-status')).code).toBe(0);
    expect(await citizen('verify', 'session-status')).toMatchObject({ code: 0 });
    expect((await citizen('drop-old', 'session-status')).code).toBe(0);
    expect(await citizen('rollback', 'session-status')).toMatchObject({
      code: 1,
      err: expect.stringContaining('(no_previous)'),
    });
  });

  it('verify names the first row that somebody changed, without what the citizen said, and a rebuild mends it', async () => {
    await damage();
    const { code, out } = await citizen('verify', 'session-status');
    expect(code).toBe(1);
    expect(out).toMatch(/session-status: DIFFERENT, 1 of 1 rows/);
    expect(out).toMatch(/^ {2}state +"erased" +"\w+"$/m);
    expect(out).toMatch(/, position \d+ \(event [0-9a-f-]{36}\)/);
    expect(out).not.toContain('Canary');
    expect((await citizen('rebuild', 'session-status')).code).toBe(0);
    expect((await citizen('verify')).code).toBe(0);
  });

  it('pause and resume are seen by the server and by status', async () => {
    expect((await citizen('pause', 'transcript', '--reason', 'work on the disk')).code).toBe(0);
    expect((await citizen('status')).out).toContain('transcript is paused (work on the disk)');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await citizen('pause', 'transcript')).err).toContain('(already_paused)');
    expect((await citizen('resume', 'transcript')).code).toBe(0);
    expect((await citizen('status')).out).not.toContain('is paused');
  });

  it('status --json is for programs', async () => {
    const { out } = await citizen('status', '--json');
    expect((JSON.parse(out) as { name: string; position: string }[]).map(({ name }) => name)).toContain('transcript');
  });

  it.each([
    [['rebuild', 'transcripts'], 'There is no projection "transcripts". There are: '],
    [['skip', 'transcript'], "required option '--position <position>' not specified"],
    [
      ['skip', 'transcript', '--position', '5', '--reason', 'x'],
      "required option '--officer <staff id>' not specified",
    ],
    [['skip', 'transcript', '--position', 'x', '--reason', 'x'], 'It must be a position of the log'],
    [['rebuild', '--max-load', '0'], 'It must be a whole number from 1 to 100.'],
  ])('%j ends with 2 and says what is wrong', async (args, words) => {
    const { code, err } = await citizen(...args);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it.each([
    'list',
    'status',
    'rebuild',
    'verify',
    'cancel',
    'rollback',
    'drop-old',
    'pause',
    'resume',
    'retry',
    'skip',
  ])('%s --help says what the exit codes mean', async (command) => {
    expect(await citizen(command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes: 0 ') });
  });
});
