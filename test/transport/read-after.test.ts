import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileComplaint } from './support/file-complaint.js';
import { startTestServer, type TestServer } from './support/test-server.js';

type Json = Record<string, unknown>;

/** Read your own writes: an answer names its place in the log, and a query waits for that place. */
describe('queries with ?after=', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ READ_AFTER_TIMEOUT_MS: '200', SESSIONS_PER_IP_PER_MINUTE: '1000' });
  });
  afterAll(() => server.drop());

  const say = (message: string, sessionId?: string): Promise<Response> =>
    fetch(`${server.url}/api/agent/message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ message, sessionId }),
    });
  const statusAfter = (sessionId: string, after: string): Promise<Response> =>
    fetch(`${server.url}/api/agent/session/${sessionId}/status?after=${after}`);

  it('hold what an answer named as recorded, for the status of a conversation', async () => {
    const said = await say('The clinic refused to treat my child without a bribe');
    const { sessionId } = (await said.json()) as { sessionId: string };
    const after = said.headers.get('x-position') ?? '';
    const status = (await (await statusAfter(sessionId, after)).json()) as Json;
    expect(status).toMatchObject({ messageCount: 2 });
    expect(BigInt(String(status['position']))).toBeGreaterThanOrEqual(BigInt(after));
  });

  it('hold a complaint that was filed a moment ago, for who follows it by its number', async () => {
    for (let n = 0; n < 10; n += 1) {
      const { sessionId } = (await (await say('The clinic refused to treat my child without a bribe')).json()) as Json;
      await say('submit', String(sessionId));
      const filed = await say('yes', String(sessionId));
      const { trackingNumber } = (await filed.json()) as Json;
      const after = filed.headers.get('x-position') ?? '';
      const found = await fetch(`${server.url}/api/track/${String(trackingNumber)}?after=${after}`);
      expect([found.status, ((await found.json()) as Json)['status']]).toEqual([200, 'received']);
    }
  });

  it.each(['x', '-1', '', '999999999999999999999', '999999999'])(
    'are refused for what is no place of this log: "%s"',
    async (after) => {
      const { sessionId } = (await (await say('Hello')).json()) as { sessionId: string };
      const refused = await statusAfter(sessionId, after);
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'position_invalid', field: 'after' }]);
    },
  );

  it('say that the read model is behind, and when to ask again, rather than answer with what was', async () => {
    const { trackingNumber } = await fileComplaint(server.url, 'The clinic refused to treat my child');
    const admin = new pg.Client({ connectionString: server.databaseUrl });
    await admin.connect();
    await admin.query(`UPDATE citizen.projections SET state = 'paused' WHERE name IN ('session-status', 'transcript')`);
    await admin.end();
    const said = await say('Hello');
    const { sessionId } = (await said.json()) as { sessionId: string };
    const after = said.headers.get('x-position') ?? '';
    // Without a place too: the conversation is newer than the rows, and it is not that too many people are here.
    const unasked = await fetch(`${server.url}/api/agent/session/${sessionId}/status`);
    expect([unasked.status, await unasked.json()]).toMatchObject([503, { code: 'read_model_behind' }]);
    const asked = [statusAfter(sessionId, after), fetch(`${server.url}/api/track/${trackingNumber}?after=${after}`)];
    for (const behind of await Promise.all(asked)) {
      expect([behind.status, behind.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await behind.json()).toMatchObject({ code: 'read_model_behind', retryable: true, retryAfterMs: 1000 });
    }
  });

  it('are described in the OpenAPI document', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters: Json[] }>>;
    };
    const parameters = document.paths['/api/track/{trackingNumber}']?.['get']?.parameters ?? [];
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'after', in: 'query', required: false }));
  });
});
