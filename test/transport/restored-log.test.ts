import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
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

const query = async (sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

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
  const step = /'(UPDATE citizen\.log_head [^']+)'/.exec(
    readFileSync(path.join(root, 'docs/operations.md'), 'utf8'),
  )?.[1];
  const { token } = await openSession(server.url);
  const before = await hello(token, null);
  await before.client.post('m-1', 'Hello');
  await before.client.next('message', ({ data }) => data.role === 'agent');
  const said = before.client.durable();
  await before.client.close();
  await server.stopServer();

  await query(step!);
  await citizen('projections', 'rebuild');
  expect((await citizen('verify')).stdout).not.toBe('');
  await server.restart();

  const after = await hello(token, said.at(-1)?.position ?? null);
  expect(after.welcome.data.recovered).toBe(false);
  expect(after.welcome.data.epoch).not.toBe(before.welcome.data.epoch);
  expect(after.welcome.data.replay).toBeGreaterThanOrEqual(said.length);
  // A message that it has no ack of is sent again: the restored log knows it all the same.
  expect(await after.client.post('m-1', 'Hello')).toMatchObject({ type: 'ack', data: { duplicate: true } });
  await after.client.close();
});
