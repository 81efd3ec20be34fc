import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { openV1 } from './support/v1-client.js';

// What docs/operations.md tells to do after a back-up was restored, with the built program (`npm test` builds it first).
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.drop());

const citizen = (...args: string[]) =>
  run(process.execPath, [path.join(root, 'dist/cli/citizen.js'), ...args], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: server.databaseUrl,
      DATA_DIR: server.dataDir,
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
  });

const hello = async (token: string, position: string | null) => {
  const client = await openV1(server.url);
  client.send({ type: 'hello', data: { token, resume: position === null ? null : { position } } });
  return { client, welcome: await client.next('welcome') };
};

it('after the steps of docs/operations.md a restored log has another epoch, and clients take everything anew', async () => {
  const page = readFileSync(path.join(root, 'docs/operations.md'), 'utf8');
  const [, block = ''] = /before any server starts:\n+```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const steps = [...block.matchAll(/^npm run citizen -- (.+)$/gm)].map(([, step = '']) => step.split(' '));
  expect(steps.flat()).toContain('restore-epoch');
  const { token } = await openSession(server.url);
  const before = await hello(token, null);
  await before.client.post('m-1', 'Hello');
  await before.client.next('message', ({ data }) => data.role === 'agent');
  const said = before.client.durable();
  await before.client.close();
  // Not while somebody has the log open.
  await expect(citizen('restore-epoch', '--yes')).rejects.toMatchObject({ code: 2 });
  await server.stopServer();
  for (const [command = '', ...args] of steps)
    await citizen(command, ...args, ...(command === 'restore-epoch' ? ['--yes'] : []));
  await server.restart();

  const after = await hello(token, said.at(-1)?.position ?? null);
  expect(after.welcome.data.recovered).toBe(false);
  expect(after.welcome.data.epoch).not.toBe(before.welcome.data.epoch);
  expect(after.welcome.data.replay).toBeGreaterThanOrEqual(said.length);
  // A message that it has no ack of is sent again: the restored log knows it all the same.
  expect(await after.client.post('m-1', 'Hello')).toMatchObject({ type: 'ack', data: { duplicate: true } });
  await after.client.close();
});
