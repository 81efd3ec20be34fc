import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, startServerProcess, type ServerProcess } from '../../demo/server-process.js';
import { linesOf, newLibrary, newTab } from '../support/library.js';

let dataDir: string;
let port: number;
let server: ServerProcess;
const start = async (): Promise<void> => {
  server = await startServerProcess(port, dataDir, { ACCESS_KEY_SCRYPT_LOG2N: '12' });
};

beforeEach(async () => {
  dataDir = path.join(mkdtempSync(path.join(tmpdir(), 'citizen-library-')), 'data');
  port = await freePort();
  await start();
});
afterEach(async () => {
  await server.kill('SIGTERM');
  rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

it('The client library goes on where it was when the server was killed with kill -9 and started again', async () => {
  const client = await newLibrary(server.baseUrl, newTab());
  const own = (): readonly string[] => linesOf(client).filter((line) => line.startsWith('citizen'));
  const answers = (): number => linesOf(client).length - own().length;
  client.connect();
  client.send('The road is broken');
  await expect.poll(answers, { timeout: 30_000 }).toBe(1);
  client.send('The bridge too');
  await server.kill('SIGKILL');
  client.send('And the school');
  await start();
  await expect.poll(answers, { timeout: 60_000 }).toBe(3);
  expect(own()).toEqual(['citizen: The road is broken', 'citizen: The bridge too', 'citizen: And the school']);
  expect(client.getSnapshot().messages.every(({ state }) => state === 'received')).toBe(true);
  client.close();
}, 120_000);
