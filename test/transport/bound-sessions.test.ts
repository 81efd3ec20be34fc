import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { connectClassic, openSession, type OpenedSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1 } from './support/v1-client.js';

const SECRET = 'a secret of the site, thirty-two characters and more';

const login = (sub: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(SECRET));
const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** Every way in that names a conversation by its id, and how it is answered: `ok` or `<status> <code>`. */
const waysIn = (url: string, sessionId: string, headers: Record<string, string> = {}) => {
  const of = async (response: Response): Promise<string> =>
    response.ok ? 'ok' : `${response.status} ${((await response.json()) as { code: string }).code}`;
  const say = (path: string) => async (): Promise<string> =>
    of(
      await fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ message: 'Hello', sessionId }),
      }),
    );
  const socket = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const client = new WebSocket(`${url.replace('http', 'ws')}/?sessionId=${sessionId}`, { headers });
      client.on('error', reject);
      client.on('open', () => {
        client.terminate();
        resolve('ok');
      });
      client.on('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (piece: Buffer) => (body += piece.toString()));
        response.on('end', () => resolve(`${response.statusCode} ${(JSON.parse(body) as { code: string }).code}`));
      });
    });
  return {
    socket,
    message: say('/api/agent/message'),
    chat: say('/api/agent/chat'),
    status: async () => of(await fetch(`${url}/api/agent/session/${sessionId}/status`, { headers })),
  };
};
const tryAll = async (url: string, sessionId: string, headers?: Record<string, string>) => {
  const answers: Record<string, string> = {};
  for (const [name, way] of Object.entries(waysIn(url, sessionId, headers))) answers[name] = await way();
  return answers;
};
const all = (answer: string) => ({ socket: answer, message: answer, chat: answer, status: answer });

let server: TestServer;
let strict: TestServer;
let bound: OpenedSession;
beforeAll(async () => {
  server = await startTestServer({ INTEGRATOR_JWT_SECRET: SECRET });
  strict = await startTestServer({ INTEGRATOR_JWT_SECRET: SECRET, REQUIRE_LOGIN: 'on', CLASSIC_PROFILE: 'off' });
  bound = await openSession(server.url, { headers: bearer(await login('ada')) });
});
afterAll(async () => {
  await server.drop();
  await strict.drop();
});

describe('a conversation of a logged-in user', () => {
  it('is not opened by its id alone, over any way in', async () => {
    expect(await tryAll(server.url, bound.sessionId)).toEqual(all('401 login_required'));
  });

  it('is opened by its id with a token of it', async () => {
    expect(await tryAll(server.url, bound.sessionId, bearer(bound.token))).toEqual(all('ok'));
  });

  it('is opened by its id with a login of its user', async () => {
    expect(await tryAll(server.url, bound.sessionId, bearer(await login('ada')))).toEqual(all('ok'));
  });

  it('is not opened with a login of somebody else', async () => {
    expect(await tryAll(server.url, bound.sessionId, bearer(await login('bob')))).toEqual(all('403 session_mismatch'));
  });

  it('is not opened with a token of another conversation', async () => {
    const { token } = await openSession(server.url);
    expect(await tryAll(server.url, bound.sessionId, bearer(token))).toEqual(all('403 session_mismatch'));
  });

  it('still speaks leoma.chat.v1 with its token', async () => {
    const client = await connectV1(server.url, bound.token);
    expect(client.welcome.data.sessionId).toBe(bound.sessionId);
    await client.close();
  });

  it('is opened over REST with the login, and then belongs to that user', async () => {
    const answer = await fetch(`${server.url}/api/agent/message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...bearer(await login('ada')) },
      body: JSON.stringify({ message: 'Hello' }),
    });
    const { sessionId } = (await answer.json()) as { sessionId: string };
    expect(await waysIn(server.url, sessionId).status()).toBe('401 login_required');
  });
});

describe('a conversation of nobody in particular', () => {
  it('is opened by its id, as clients in the field do', async () => {
    const { sessionId } = await openSession(server.url);
    expect(await tryAll(server.url, sessionId)).toEqual(all('ok'));
    const client = await connectClassic(server.url, sessionId);
    expect((await client.say('Hello again')).type).toBe('message');
    await client.close();
  });
});

describe('REQUIRE_LOGIN with CLASSIC_PROFILE=off', () => {
  it('opens nothing by an id alone', async () => {
    const session = await openSession(strict.url, { headers: bearer(await login('ada')) });
    expect(await tryAll(strict.url, session.sessionId)).toEqual(all('401 login_required'));
  });

  it('opens not even conversations that began before it was set', async () => {
    const before = await startTestServer({ INTEGRATOR_JWT_SECRET: SECRET });
    const { sessionId, token } = await openSession(before.url);
    const after = await startTestServer({
      INTEGRATOR_JWT_SECRET: SECRET,
      REQUIRE_LOGIN: 'on',
      DATABASE_URL: before.databaseUrl,
    });
    expect(await tryAll(after.url, sessionId)).toEqual(all('401 login_required'));
    expect(await waysIn(after.url, sessionId, bearer(token)).status()).toBe('ok');
    await after.drop();
    await before.drop();
  });
});
