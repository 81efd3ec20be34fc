import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { fileComplaint } from './support/file-complaint.js';
import { startTestServer, type TestServer } from './support/test-server.js';

// A server whose database goes away and comes back: what is asked meanwhile is told just that.

const TOKEN = 'token-of-the-office-of-tests';
let database: TestDatabase;
let network: TcpProxy;
let server: TestServer;
let filed: Awaited<ReturnType<typeof fileComplaint>>;

/** Path of the Unix socket of `postgres://user@/name?host=/folder&port=1`. */
const socketOf = (url: string): string => {
  const query = new URLSearchParams(url.split('?')[1]);
  return `${query.get('host') ?? ''}/.s.PGSQL.${query.get('port') ?? ''}`;
};

beforeAll(async () => {
  database = await freshDatabase();
  network = await startTcpProxy(() => socketOf(database.url));
  const [, user = '', name = ''] = /^postgres:\/\/([^@]*)@\/([^?]*)/.exec(database.url) ?? [];
  const through = `postgres://${user}@127.0.0.1:${new URL(network.url).port}/${name}?sslmode=disable`;
  server = await startTestServer({ DATABASE_URL: through, ADMIN_TOKEN: TOKEN });
  filed = await fileComplaint(server.url, 'The clinic refused to treat my child');
  network.mode = 'refuse';
});
afterAll(async () => {
  network.mode = 'pass';
  await server.drop();
  await network.close();
  await database.drop();
});

const headers = { authorization: `Bearer ${TOKEN}` };
const ask = async (path: string) => {
  const response = await fetch(server.url + path, path.startsWith('/api/admin') ? { headers } : {});
  return { response, body: (await response.json()) as Record<string, unknown> };
};

describe('while the database is away', () => {
  it.each(['status', 'track'])('a citizen is told that it is a matter of time: %s', async (what) => {
    const { response, body } = await ask(
      what === 'status' ? `/api/agent/session/${filed.sessionId}/status` : `/api/track/${filed.trackingNumber}`,
    );
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toMatchObject({ code: 'unavailable', retryable: true, retryAfterMs: 5000 });
  });

  it('the office is told so without waiting for the last try', async () => {
    const { response, body } = await ask('/api/admin/projections');
    expect([response.status, body['code']]).toEqual([503, 'database_unreachable']);
  });

  it('everything is answered again when it is back', async () => {
    network.mode = 'pass';
    const status = async (): Promise<number> =>
      (await ask(`/api/agent/session/${filed.sessionId}/status`)).response.status;
    await expect.poll(status).toBe(200);
  });
});
