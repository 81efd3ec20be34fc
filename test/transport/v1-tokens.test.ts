import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClassic, openSession, type OpenedSession } from './support/classic-client.js';
import { connectSse } from './support/sse-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, openV1 } from './support/v1-client.js';

const SECRET = 'a secret of the site, thirty-two characters and more';
const ISSUER = 'https://login.example.org';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    INTEGRATOR_JWT_SECRET: SECRET,
    INTEGRATOR_ISSUER: ISSUER,
    INTEGRATOR_AUDIENCE: 'chat',
  });
});
afterAll(() => server.drop());

const call = (method: string, path: string, token: string) =>
  fetch(server.url + path, { method, headers: { Authorization: `Bearer ${token}` } });
const refresh = ({ sessionId }: OpenedSession, token: string) =>
  call('POST', `/api/agent/session/${sessionId}/token`, token);
const revoke = ({ sessionId, token }: OpenedSession) => call('DELETE', `/api/agent/session/${sessionId}`, token);
const login = (claims: { sub?: string; iss?: string; aud?: string; exp?: string }, secret = SECRET) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(claims.sub ?? 'user-1')
    .setIssuer(claims.iss ?? ISSUER)
    .setAudience(claims.aud ?? 'chat')
    .setExpirationTime(claims.exp ?? '5m')
    .sign(new TextEncoder().encode(secret));
const openAs = async (token: string): Promise<OpenedSession> =>
  openSession(server.url, { headers: { Authorization: `Bearer ${token}` } });

describe('a session token', () => {
  it('is changed for a new one that is as good', async () => {
    const session = await openSession(server.url);
    const answer = await refresh(session, session.token);
    expect(answer.status).toBe(200);
    const { token, expiresAt } = (await answer.json()) as OpenedSession;
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const client = await connectV1(server.url, token);
    expect(client.welcome.data.sessionId).toBe(session.sessionId);
    await client.close();
  });

  it('is good for its own session only', async () => {
    const [a, b] = [await openSession(server.url), await openSession(server.url)];
    expect((await refresh(a, b.token)).status).toBe(403);
    expect((await refresh(a, 'x')).status).toBe(401);
  });
});

describe('a session that is revoked (security row 7)', () => {
  it('ends on every process, on every kind of connection, and cannot be come back to', async () => {
    const other = await server.startBeside();
    const session = await openSession(server.url);
    const here = await connectV1(server.url, session.token);
    const there = await connectV1(other.url, session.token);
    const classic = await connectClassic(other.url, session.sessionId);
    const stream = await connectSse(other.url, session);
    await stream.until((events) => events.length >= 2);
    expect(await (await revoke(session)).json()).toEqual({ sessionId: session.sessionId, revoked: true });
    const codes = await Promise.all([here.closed, there.closed, classic.closed]);
    await stream.ended;
    expect(codes.map(({ code }) => code)).toEqual([4403, 4403, 4403]);
    expect(stream.events.at(-1)?.frame).toMatchObject({ type: 'close', data: { code: 4403 } });

    const back = await openV1(other.url);
    back.send({ type: 'hello', data: { token: session.token } });
    expect((await back.closed).code).toBe(4403);
    expect(back.durable()).toEqual([]);
    expect((await refresh(session, session.token)).status).toBe(403);
    await expect(connectSse(other.url, session)).rejects.toThrow('HTTP 403');
    const again = await connectClassic(server.url, session.sessionId);
    expect((await again.closed).code).toBe(4403);
    const rest = await fetch(`${server.url}/api/agent/message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: 'Hello', sessionId: session.sessionId }),
    });
    expect(rest.status).toBe(403);
    await other.stop();
  });
});

describe('a session of a logged-in user', () => {
  it('gets new tokens with a login of the same user only', async () => {
    const session = await openAs(await login({}));
    const client = await connectV1(server.url, session.token);
    await client.close();
    expect(await (await refresh(session, session.token)).json()).toMatchObject({ code: 'login_required' });
    expect((await refresh(session, await login({ sub: 'user-2' }))).status).toBe(403);
    expect((await refresh(session, await login({}))).status).toBe(200);
  });

  it('keeps nothing that tells who it is (only a keyed hash)', async () => {
    await openAs(await login({ sub: 'canary-subject' }));
    expect(server.logLines.join('')).not.toContain('canary-subject');
  });

  it.each([
    ['signed by somebody else', () => login({}, 'another secret, also of more than thirty-two characters')],
    ['of another issuer', () => login({ iss: 'https://evil.example' })],
    ['for somebody else', () => login({ aud: 'shop' })],
    ['that is over', () => login({ exp: '-5m' })],
    ['without signature', () => Promise.resolve('eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.')],
  ])('is not opened with a login %s', async (_, token) => {
    await expect(openAs(await token())).rejects.toThrow('401');
  });
});

describe('REQUIRE_LOGIN', () => {
  it('opens sessions for logged-in users only, over every way in', async () => {
    const strict = await startTestServer({
      REQUIRE_LOGIN: 'on',
      INTEGRATOR_JWT_SECRET: SECRET,
      INTEGRATOR_ISSUER: ISSUER,
      INTEGRATOR_AUDIENCE: 'chat',
    });
    const open = (headers: Record<string, string> = {}) =>
      fetch(`${strict.url}/api/agent/session`, { method: 'POST', headers });
    expect((await open()).status).toBe(401);
    expect((await open({ Authorization: `Bearer ${await login({})}` })).status).toBe(201);
    const rest = await fetch(`${strict.url}/api/agent/message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: 'Hello' }),
    });
    expect(rest.status).toBe(401);
    await strict.drop();
  });
});

describe('a token that has ended', () => {
  it('opens no conversation, and is changed for a new one within the grace only', async () => {
    const short = await startTestServer({ SESSION_TOKEN_TTL_S: '60', SESSION_TOKEN_GRACE_S: '3600' });
    const session = await openSession(short.url);
    const forge = (secondsAgo: number) => short.tokenOf(session.sessionId, secondsAgo);
    const at = (token: string) =>
      fetch(`${short.url}/api/agent/session/${session.sessionId}/token`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
      });
    const client = await openV1(short.url);
    client.send({ type: 'hello', data: { token: await forge(120) } });
    expect((await client.closed).code).toBe(4401);
    expect((await at(await forge(120))).status).toBe(200);
    expect((await at(await forge(2 * 3600))).status).toBe(401);
    await short.drop();
  });
});
