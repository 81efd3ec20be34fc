import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { beCitizen } from '../../demo/citizen.js';
import { freePort, repositoryRoot, startServerProcess, type ServerProcess } from '../../demo/server-process.js';

const run = promisify(execFile);
const main = path.join(repositoryRoot(), 'dist', 'main.js');
const citizenCommand = path.join(repositoryRoot(), 'dist', 'cli', 'citizen.js');

let dataDir: string;
let port: number;
const servers: ServerProcess[] = [];
const start = async (env: Record<string, string> = {}): Promise<ServerProcess> => {
  const server = await startServerProcess(port, dataDir, { RATE_LIMITS: 'off', ACCESS_KEY_SCRYPT_LOG2N: '12', ...env });
  servers.push(server);
  return server;
};
const patient = (): { patienceMs: number; deadline: number } => ({ patienceMs: 5_000, deadline: Date.now() + 90_000 });
const postmasterFile = (): string => path.join(dataDir, 'postgres', 'postmaster.pid');
const postmasterPid = (): number => Number(readFileSync(postmasterFile(), 'utf8').split('\n')[0]);

beforeEach(async () => {
  dataDir = path.join(mkdtempSync(path.join(tmpdir(), 'citizen-e2e-')), 'data');
  port = await freePort();
});
afterEach(async () => {
  for (const server of servers.splice(0)) if (server.child.exitCode === null) await server.kill('SIGTERM');
  rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

describe('The server as a process', () => {
  it('ends with code 0 on SIGTERM, closes sockets with 1012 and stops its PostgreSQL', async () => {
    const server = await start();
    const session = (await (await fetch(`${server.baseUrl}/api/agent/session`, { method: 'POST' })).json()) as {
      sessionId: string;
      websocketUrl: string;
    };
    const socket = new WebSocket(`${session.websocketUrl}?sessionId=${session.sessionId}`);
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    expect(await server.kill('SIGTERM')).toBe(0);
    expect(await closed).toBe(1012);
    expect(existsSync(postmasterFile())).toBe(false);
  });

  it('refuses a second server on the same DATA_DIR with a clear message, and the first goes on', async () => {
    const first = await start();
    const second = run(process.execPath, [main], { env: { ...process.env, DATA_DIR: dataDir, PORT: '0' } });
    await expect(second).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('(data_dir_in_use)') });
    expect((await fetch(`${first.baseUrl}/readyz`)).status).toBe(200);
  });

  it('says that DATA_DIR is in use where the port is, too', async () => {
    await start();
    const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1' };
    await expect(run(process.execPath, [main], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(data_dir_in_use)'),
    });
  });

  it('is missed by the citizen command in a folder without data, and nothing is made there', async () => {
    const env = { ...process.env, DATA_DIR: dataDir };
    const verify = run(process.execPath, [citizenCommand, 'verify'], { env });
    await expect(verify).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('(data_dir_empty)') });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says that the port is taken before it makes anything in DATA_DIR', async () => {
    await start();
    const other = mkdtempSync(path.join(tmpdir(), 'citizen-e2e-'));
    const env = { ...process.env, DATA_DIR: path.join(other, 'data'), PORT: String(port), HOST: '127.0.0.1' };
    await expect(run(process.execPath, [main], { env })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(port_in_use)'),
    });
    expect(existsSync(path.join(other, 'data'))).toBe(false);
    rmSync(other, { recursive: true, force: true });
  });

  it('goes on after kill -9 of PostgreSQL in the middle of a conversation', async () => {
    const server = await start();
    const talking = beCitizen(server.baseUrl, ['The road is broken', 'submit', 'yes'], patient());
    process.kill(postmasterPid(), 'SIGKILL');
    const outcome = await talking;
    expect(outcome.state).toBe('completed');
  });

  it('takes over after kill -9 of the server and of PostgreSQL, and every acknowledged message is there', async () => {
    const server = await start();
    const before = await beCitizen(server.baseUrl, [`Words ${randomUUID()}`, 'submit', 'yes'], patient());
    const postgres = postmasterPid();
    await server.kill('SIGKILL');
    process.kill(postgres, 'SIGKILL');
    const again = await start();
    // Rows of read models do not wait for the disk: what a crash took from them is folded again from the log, which does.
    await expect
      .poll(async () => (await fetch(`${again.baseUrl}/api/track/${before.trackingNumber ?? ''}`)).json(), {
        timeout: 60_000,
      })
      .toMatchObject({ status: 'received' });
  });

  it('serves the citizen command beside it: verify, projections status and rebuild, a case that moves', async () => {
    const server = await start();
    const { trackingNumber } = await beCitizen(server.baseUrl, ['The road is broken', 'submit', 'yes'], patient());
    const env = { ...process.env, DATA_DIR: dataDir };
    const citizen = (...args: string[]): Promise<{ stdout: string }> =>
      run(process.execPath, [citizenCommand, ...args], { env });
    expect((await citizen('verify')).stdout).toMatch(/^OK {3}\d+ events/);
    expect((await citizen('projections', 'status')).stdout).toContain('session-status');
    expect((await citizen('projections', 'rebuild', 'transcript')).stdout).toContain('transcript: rebuilt');
    const number = trackingNumber ?? '';
    expect((await citizen('case', 'move', number, 'screening')).stdout).toContain('Being checked');
    await expect(citizen('case', 'move', number, 'closed')).rejects.toMatchObject({ code: 1 });
    await expect
      .poll(async () => (await fetch(`${server.baseUrl}/api/track/${number}`)).json(), { timeout: 60_000 })
      .toMatchObject({ status: 'screening' });
  });
});
