import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './support/test-server.js';

const TOKEN = 'token-of-the-office-of-tests';
const path = '/api/admin/agent/stats';

describe('the figures of the assistant over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ ADMIN_TOKEN: TOKEN });
  });
  afterAll(() => server.drop());
  const get = (query = '', token = TOKEN): Promise<Response> =>
    fetch(`${server.url}${path}${query}`, { headers: { authorization: `Bearer ${token}` } });

  it('are shown to whoever has the token, and are kept by nobody on the way', async () => {
    const response = await get('?since=7d&by=model');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ by: 'model', groups: [], budgets: { month: { used: 0 } } });
  });

  it.each(['', 'wrong', `${TOKEN}x`])('are refused to the token "%s"', async (token) => {
    expect((await get('', token)).status).toBe(401);
  });

  it('are refused to whoever has none', async () => {
    expect((await fetch(`${server.url}${path}`)).status).toBe(401);
  });

  it.each(['?since=yesterday', '?by=citizen', '?since=1d&until=2d'])('are not counted for %s', async (query) => {
    expect((await get(query)).status).toBe(400);
  });

  it('are described in the OpenAPI document', async () => {
    const document = await (await fetch(`${server.url}/api/openapi.json`)).json();
    expect(document).toHaveProperty(['paths', path, 'get', 'operationId'], 'agentStatistics');
  });

  it('leave no token in the logs', async () => {
    await get();
    expect(server.logLines.join('\n')).not.toContain(TOKEN);
  });
});

describe('without ADMIN_TOKEN', () => {
  it('there is nothing at the address', async () => {
    const server = await startTestServer();
    const response = await fetch(`${server.url}${path}`, { headers: { authorization: 'Bearer undefined' } });
    expect(response.status).toBe(404);
    await server.drop();
  });
});
