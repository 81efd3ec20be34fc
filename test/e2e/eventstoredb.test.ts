import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beCitizen } from '../../demo/citizen.js';
import { fileAll } from '../../demo/file-all.js';
import { freePort, repositoryRoot, startServerProcess } from '../../demo/server-process.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startDouble, type Double } from '../support/eventstoredb-double/index.js';
import { createMemoryServer } from '../support/eventstoredb-double/memory-server.js';

// The built server (`npm test` builds it first) with its log on the double: everything above the port runs on it.
const run = promisify(execFile);
let double: Double;
let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  double = await startDouble();
  database = await freshDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'citizen-esdb-'));
});
afterAll(async () => {
  await double.stop();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});
const settings = (url: string): Record<string, string> => ({
  DATABASE_URL: database.url,
  DATA_DIR: dataDir,
  EVENTSTORE_URL: url,
  RATE_LIMITS: 'off',
});
const citizen = (url: string, ...args: string[]) => citizenWith({}, url, ...args);
const citizenWith = (env: Record<string, string>, url: string, ...args: string[]) =>
  run(process.execPath, [path.join(repositoryRoot(), 'dist/cli/citizen.js'), ...args], {
    env: { PATH: process.env['PATH'], ...settings(url), ...env },
  }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );

describe('the server with EVENTSTORE_URL', () => {
  it('takes dozens of filings, survives kill -9 half-way, and its log is whole', async () => {
    const own = await startDouble();
    const report = await fileAll({
      citizens: 36,
      atOnce: 12,
      kill: true,
      env: { EVENTSTORE_URL: own.url },
      onProgress: () => undefined,
    });
    await own.stop();
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ citizens: 36, completed: 36, received: 36, kills: 1, chainIntact: true });
  }, 300_000);

  it('is verified by `citizen verify`, which needs nothing but the log', async () => {
    const server = await startServerProcess(await freePort(), dataDir, settings(double.url));
    const outcome = await beCitizen(server.baseUrl, ['The clinic asked for money', 'submit', 'yes'], {
      patienceMs: 10_000,
      deadline: Date.now() + 60_000,
    });
    expect(outcome.state).toBe('completed');
    expect(await citizen(double.url, 'verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK/) as string,
    });
    await server.kill('SIGKILL');
    const event = double.server.all.find(({ type }) => type === 'ComplaintSubmitted');
    double.server.tamper(event!.position, { type: 'ComplaintWithdrawn' });
    expect(await citizen(double.url, 'verify')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`position ${String(event!.position)}`) as string,
    });
  });

  it('does not start with the read models of another log, and says so', async () => {
    const first = await startServerProcess(await freePort(), dataDir, settings(double.url));
    await first.kill('SIGTERM');
    const another = await startDouble();
    const env = { PATH: process.env['PATH'], PORT: String(await freePort()), ...settings(another.url) };
    const failed = await run(process.execPath, [path.join(repositoryRoot(), 'dist/main.js')], {
      env,
      timeout: 60_000,
    }).catch((error: unknown) => error as { stderr: string; stdout: string });
    await another.stop();
    expect(failed.stderr + failed.stdout).toMatch(/was made from another event log/);
  });

  it('does not start when the event store cannot be reached, and says where it looked', async () => {
    const env = {
      ...{ PATH: process.env['PATH'], PORT: String(await freePort()), APPEND_TIMEOUT_MS: '500' },
      ...settings('esdb://user:open-sesame@127.0.0.1:1?tls=false'),
    };
    const failed = await run(process.execPath, [path.join(repositoryRoot(), 'dist/main.js')], {
      env,
      timeout: 60_000,
    }).catch((error: unknown) => error as { stderr: string; stdout: string });
    const said = failed.stderr + failed.stdout;
    expect(said).toMatch(/The event store at 127\.0\.0\.1:1 cannot be reached/);
    expect(said).not.toContain('open-sesame');
  });

  it('with an address that the client does not take, says so without the password', async () => {
    const failed = await citizen('esdb://user:open-sesame@127.0.0.1:1?tls=maybe', 'verify');
    expect(failed.code).toBe(2);
    expect(failed.stderr).toContain('EVENTSTORE_URL cannot be used');
    expect(failed.stderr + failed.stdout).not.toContain('open-sesame');
  });
});

/** The log as a back-up had it that was made when it held so many events. */
const restored = (from: Double, events: number): Promise<Double> => {
  const server = createMemoryServer();
  for (const record of from.server.all.slice(0, events)) server.append(record.stream, 'any', [record]);
  return startDouble(server);
};
const complain = async (baseUrl: string): Promise<string | null> => {
  const outcome = await beCitizen(baseUrl, ['The clinic asked for money', 'submit', 'yes'], {
    patienceMs: 10_000,
    deadline: Date.now() + 60_000,
  });
  return outcome.state;
};

describe('a log that was restored from an older back-up', () => {
  it('is not served until it has another epoch and new read models', async () => {
    const whole = await startDouble();
    const database = await freshDatabase();
    const env = { DATABASE_URL: database.url };
    const first = await startServerProcess(await freePort(), dataDir, { ...settings(whole.url), ...env });
    expect(await complain(first.baseUrl)).toBe('completed');
    expect(await citizenWith(env, whole.url, 'restore-epoch', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Stop it first') as string,
    });
    await first.kill('SIGTERM');

    const older = await restored(whole, whole.server.all.length - 5);
    await whole.stop();
    const refused = await run(process.execPath, [path.join(repositoryRoot(), 'dist/main.js')], {
      env: { PATH: process.env['PATH'], PORT: String(await freePort()), ...settings(older.url), ...env },
      timeout: 60_000,
    }).catch((error: unknown) => error as { stderr: string; stdout: string });
    expect(refused.stderr + refused.stdout).toMatch(/restored from an older back-up[^]*log_older_than_read_models/);

    expect(await citizenWith(env, older.url, 'restore-epoch', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('another epoch') as string,
    });
    expect(await citizenWith(env, older.url, 'doctor')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('projections rebuild') as string,
    });
    expect(await citizenWith(env, older.url, 'projections', 'rebuild')).toMatchObject({ code: 0 });

    const second = await startServerProcess(await freePort(), dataDir, { ...settings(older.url), ...env });
    expect(await complain(second.baseUrl)).toBe('completed');
    await second.kill('SIGTERM');
    expect(await citizenWith(env, older.url, 'verify')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK[^]*OK .* keys of persons/) as string,
    });
    await older.stop();
    await database.drop();
  }, 180_000);
});
