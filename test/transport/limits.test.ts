import { afterEach, describe, expect, it } from 'vitest';
import { drawTrackingNumber } from '../../src/commands/tracking-number.js';
import { connectClassic, isMessage, openSession, upgradeStatus } from './support/classic-client.js';
import { fileComplaint } from './support/file-complaint.js';
import { connectV1 } from './support/v1-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

const running: TestServer[] = [];
const start = async (env: Readonly<Record<string, string>>): Promise<TestServer> => {
  const server = await startTestServer(env);
  running.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.drop()));
});

describe('limits of the process', () => {
  it('a full node answers 503 with Retry-After, and is healthy all the same (security row 13)', async () => {
    const server = await start({ MAX_SOCKETS: '2' });
    const sessions = await Promise.all([1, 2, 3].map(() => openSession(server.url)));
    const [a = { sessionId: '' }, b = { sessionId: '' }, c = { sessionId: '' }] = sessions;
    const clients = [await connectClassic(server.url, a.sessionId), await connectClassic(server.url, b.sessionId)];
    const refused = await upgradeStatus(`${server.url}/?sessionId=${c.sessionId}`);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('an address may open so many sessions per minute', async () => {
    const server = await start({ SESSIONS_PER_IP_PER_MINUTE: '3' });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => fetch(`${server.url}/api/agent/session`, { method: 'POST' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(await refused?.json()).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('another address cannot be pretended (security row 4)', async () => {
    const server = await start({ SESSIONS_PER_IP_PER_MINUTE: '1' });
    const ask = (address: string) =>
      fetch(`${server.url}/api/agent/session`, { method: 'POST', headers: { 'x-forwarded-for': address } });
    expect([(await ask('1.1.1.1')).status, (await ask('2.2.2.2')).status]).toEqual([201, 429]);
  });

  it('a trusted proxy tells addresses apart', async () => {
    const server = await start({ SESSIONS_PER_IP_PER_MINUTE: '1', TRUST_PROXY: 'loopback' });
    const ask = async (address: string) =>
      fetch(`${server.url}/api/agent/session`, {
        method: 'POST',
        headers: { 'x-forwarded-for': address, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'leoma.example.org' },
      });
    const first = await ask('1.1.1.1');
    expect(first.status).toBe(201);
    expect(await first.json()).toMatchObject({ websocketUrl: 'wss://leoma.example.org/ws' });
    expect([(await ask('2.2.2.2')).status, (await ask('1.1.1.1')).status]).toEqual([201, 429]);
  });

  it('RATE_LIMITS=off lifts the limits per address and per session', async () => {
    const server = await start({
      RATE_LIMITS: 'off',
      SESSIONS_PER_IP_PER_MINUTE: '1',
      SOCKETS_PER_IP: '1',
      CLASSIC_SILENCE_MS: '0',
    });
    const sessions = await Promise.all([1, 2, 3].map(() => openSession(server.url)));
    const clients = await Promise.all(sessions.map(({ sessionId }) => connectClassic(server.url, sessionId)));
    const [client] = clients;
    for (let i = 0; i < 20; i += 1) client?.send({ message: `Hello ${i}` });
    for (let i = 0; i < 20; i += 1) await client?.nextMessage();
    expect(client?.frames.filter(({ frame }) => isMessage(frame))).toHaveLength(20);
    await Promise.all(clients.map((one) => one.close()));
  });
});

describe('guessing', () => {
  const behindProxy = {
    TRUST_PROXY: 'loopback',
    LOOKUP_FAILURES_PER_IP_PER_MINUTE: '3',
    SESSIONS_PER_IP_PER_MINUTE: '100',
  };
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const guess = async (server: TestServer, address: string): Promise<string> => {
    const { sessionId } = await openSession(server.url, from(address));
    const client = await connectClassic(server.url, sessionId, from(address));
    const { data } = await client.say(drawTrackingNumber());
    await client.close();
    return data.message;
  };

  it('of tracking numbers in the chat shares one limit per address, whatever the session', async () => {
    const server = await start(behindProxy);
    const answers: string[] = [];
    for (let n = 0; n < 4; n += 1) answers.push(await guess(server, '192.0.2.1'));
    expect(new Set(answers.slice(0, 3)).size).toBe(1);
    expect(answers[3]).not.toBe(answers[0]);
    expect(await guess(server, '198.51.100.1')).toBe(answers[0]);
    const over = await fetch(`${server.url}/api/track/${drawTrackingNumber()}`, from('192.0.2.1'));
    expect(over.status).toBe(429);
    expect(server.logLines.join('')).not.toContain('192.0.2.1');
  });

  it('of tracking numbers in the resumable profile counts the same', async () => {
    const server = await start(behindProxy);
    for (let n = 0; n < 3; n += 1) {
      const { token } = await openSession(server.url, from('192.0.2.1'));
      const client = await connectV1(server.url, token, null, from('192.0.2.1'));
      await client.post('m-1', drawTrackingNumber());
      await client.next('message', ({ data }) => data.role === 'agent');
      await client.close();
    }
    const over = await fetch(`${server.url}/api/track/${drawTrackingNumber()}`, from('192.0.2.1'));
    expect(over.status).toBe(429);
  });

  it('of access keys is limited like guessing of numbers, and stays so for the right key', async () => {
    const server = await start(behindProxy);
    const filed = await fileComplaint(server.url, 'The land office has kept my papers for three years.');
    const ask = (key: string, address: string) =>
      fetch(`${server.url}/api/track/${filed.trackingNumber}`, {
        headers: { 'x-access-key': key, 'x-forwarded-for': address },
      });
    await expect.poll(async () => (await ask(filed.accessKey, '198.51.100.1')).status).toBe(200);
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await ask('AAAA-AAAA-AAAA-AAAA', '192.0.2.1')).status);
    expect(statuses).toEqual([404, 404, 404, 429]);
    expect((await ask(filed.accessKey, '192.0.2.1')).status).toBe(429);
    expect((await ask(filed.accessKey, '198.51.100.2')).status).toBe(200);
  });
});

describe('CLASSIC_PROFILE=off', () => {
  it('closes clients that do not offer the resumable profile with 4406', async () => {
    const server = await start({ CLASSIC_PROFILE: 'off' });
    const { sessionId, token } = await openSession(server.url);
    expect((await (await connectClassic(server.url, sessionId)).closed).code).toBe(4406);
    const client = await connectV1(server.url, token);
    await client.close();
  });
});

describe('the end of the server', () => {
  it('answers what was sent before it, then closes sockets with 1012', async () => {
    const server = await start({});
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId);
    client.send({ message: 'The last words before the stop.' });
    await client.next((frame): frame is typeof frame => frame.type === 'typing');
    const stopped = server.stopServer();
    expect((await client.nextMessage()).type).toBe('message');
    expect((await client.closed).code).toBe(1012);
    await stopped;
  });

  it('does not wait for a client that does not answer the close', async () => {
    const server = await start({});
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId);
    client.socket.pause();
    // The client would stay for ever: that the stop ends at all is the claim.
    await server.stopServer();
    client.socket.terminate();
  });
});

describe('peers that are gone', () => {
  it('are terminated when two pings stay without an answer (security row 15)', async () => {
    const server = await start({ HEARTBEAT_MS: '200' });
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId, { autoPong: false });
    expect((await client.closed).code).toBe(1006);
  });

  it('stay when they answer', async () => {
    const server = await start({ HEARTBEAT_MS: '100' });
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId);
    for (let pings = 0; pings < 8; pings += 1) await new Promise((resolve) => client.socket.once('ping', resolve));
    expect((await client.say('Hello')).type).toBe('message');
    await client.close();
  });
});
