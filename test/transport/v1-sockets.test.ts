import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.js';
import { connectClassic, openSession, upgradeStatus } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, openV1, type V1Client } from './support/v1-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    SOCKETS_PER_IP: '40',
    SOCKETS_PER_SESSION: '3',
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    HELLO_TIMEOUT_MS: '1000',
  });
});
afterAll(() => server.drop());

const connect = async () => {
  const session = await openSession(server.url);
  return { ...(await connectV1(server.url, session.token)), ...session };
};
/** Waits for the assistant's message. */
const answered = (client: V1Client) => client.next('message', ({ data }) => data.role === 'agent');
const lastPosition = (client: V1Client): string => client.durable().at(-1)?.position ?? '';

describe('selecting the profile', () => {
  it('is offered in the answer that opens a session', async () => {
    const session: unknown = await openSession(server.url);
    expect(session).toMatchObject({ protocols: ['leoma.chat.v1'], limits: { frameBytes: 65_536, messageChars: 8000 } });
  });

  it('is answered with leoma.chat.v1 alone, also when a token stands beside it', async () => {
    const { token } = await openSession(server.url);
    const protocols = ['leoma.chat.v1', `leoma.token.${Buffer.from(token).toString('base64url')}`];
    const client = await openV1(server.url, { protocols });
    expect(client.socket.protocol).toBe('leoma.chat.v1');
    client.send({ type: 'hello', data: {} });
    expect((await client.next('welcome')).data.state).toBe('greeting');
    await client.close();
  });

  it('refuses pages of other hosts, and offers no compression (security rows 3 and 16)', async () => {
    const evil = await upgradeStatus(`${server.url}/ws`, {
      protocols: ['leoma.chat.v1'],
      origin: 'https://evil.example',
    });
    expect(evil.status).toBe(403);
    const opened = await upgradeStatus(`${server.url}/ws`, { protocols: ['leoma.chat.v1'], perMessageDeflate: true });
    expect(opened.status).toBe(101);
    expect(opened.headers['sec-websocket-extensions']).toBeUndefined();
  });
});

describe('a conversation', () => {
  it('is acknowledged, shown to every tab in one chain, and answered', async () => {
    const one = await connect();
    const other = await connectV1(server.url, one.token);
    const ack = await one.post('c-1', 'Hello');
    expect(ack).toMatchObject({ type: 'ack', data: { duplicate: false } });
    await Promise.all([answered(one), answered(other)]);
    expect(one.durable()).toEqual(other.durable());
    const own = one.durable().find((frame) => frame.type === 'message' && frame.data.clientId === 'c-1');
    expect(own?.position).toBe(ack.type === 'ack' ? ack.data.position : '');
    let prev: string | null = null;
    for (const frame of one.durable()) {
      expect(frame.prev).toBe(prev);
      prev = frame.position;
    }
    await Promise.all([one.close(), other.close()]);
  });

  it('goes on on sockets of both profiles at once', async () => {
    const client = await connect();
    const classic = await connectClassic(server.url, client.sessionId);
    client.send({ type: 'message', id: 'c-1', data: { message: 'Hello', sessionId: client.sessionId } });
    expect((await classic.nextMessage()).data.message).toBe((await answered(client)).data.message);
    await Promise.all([client.close(), classic.close()]);
  });

  it('records a message once that is sent again, also after a restart of the server', async () => {
    const client = await connect();
    const id = newId();
    const first = await client.post(id, 'Hello');
    const again = await client.post(id, 'Hello');
    expect(again).toEqual({ ...first, data: { ...first.data, duplicate: true } });
    await answered(client);
    await server.restart();
    const back = await connectV1(server.url, client.token, lastPosition(client));
    expect(await back.post(id, 'Hello')).toEqual(again);
    expect(back.durable().filter((frame) => frame.type === 'message' && frame.data.role === 'citizen')).toEqual([]);
    await back.close();
  });

  it('refuses a message of another session, and nothing is recorded there (security row 6)', async () => {
    const [a, b] = [await connect(), await connect()];
    const refused = await a.post('c-1', 'canary', { sessionId: b.sessionId });
    expect(refused).toMatchObject({ type: 'error', data: { code: 'session_mismatch' } });
    const seen = await connectV1(server.url, b.token);
    expect(JSON.stringify(seen.durable())).not.toContain('canary');
    await Promise.all([a.close(), b.close(), seen.close()]);
  });

  it('lets the burst through, refuses the rest with the time to wait, and ends the flood (security row 12)', async () => {
    const client = await connect();
    for (let n = 0; n < 200; n += 1) client.send({ type: 'message', id: `c-${n}`, data: { message: 'x' } });
    expect((await client.closed).code).toBe(4429);
    expect(client.frames.filter(({ type }) => type === 'ack').length).toBeLessThanOrEqual(10);
    const limited = client.frames.find((frame) => frame.type === 'error' && frame.data.code === 'rate_limited');
    expect(limited?.data).toMatchObject({ retryable: true });
  });
});

describe('a client that comes back', () => {
  it('gets exactly what it missed', async () => {
    const first = await connect();
    await first.post('c-1', 'Hello');
    await answered(first);
    const place = lastPosition(first);
    await first.close();
    const meanwhile = await connectV1(server.url, first.token);
    await meanwhile.post('c-2', 'The hospital sent me away.');
    await answered(meanwhile);
    const second = await connectV1(server.url, first.token, place);
    expect(second.welcome.data).toMatchObject({ recovered: true });
    const all = meanwhile.durable();
    const missed = all.slice(all.findIndex(({ position }) => position === place) + 1);
    await second.next(missed.at(-1)?.type ?? 'message', ({ position }) => position === missed.at(-1)?.position);
    // More may follow the answer by now: what was missed comes first, and whole.
    expect(second.durable().slice(0, missed.length)).toEqual(missed);
    await Promise.all([meanwhile.close(), second.close()]);
  });

  it.each(['ffffffffffff.3', 'nonsense', ''])(
    'with a position of another log (%j) gets all from the start',
    async (place) => {
      const first = await connect();
      await first.post('c-1', 'Hello');
      await answered(first);
      const second = await connectV1(server.url, first.token, place);
      expect(second.welcome.data).toMatchObject({ recovered: false });
      const count = second.welcome.data.replay;
      while (second.durable().length < count) await second.next('message');
      expect(second.durable().slice(0, first.durable().length)).toEqual(first.durable());
      await Promise.all([first.close(), second.close()]);
    },
  );

  it('reads the conversation backwards, page by page', async () => {
    const client = await connect();
    await client.post('c-1', 'Hello');
    await answered(client);
    client.send({ type: 'history', id: 'h-1', data: { before: lastPosition(client), limit: 1 } });
    const page = await client.next('history');
    expect(page.data.items).toEqual([client.durable().at(-2)]);
    expect(page.data.complete).toBe(false);
    await client.close();
  });
});

describe('connections of one session', () => {
  it('beyond the limit replace the oldest, which is told so (4409)', async () => {
    const oldest = await connect();
    const others = [];
    for (let n = 0; n < 3; n += 1) others.push(await connectV1(server.url, oldest.token));
    expect((await oldest.closed).code).toBe(4409);
    await Promise.all(others.map((client) => client.close()));
  });
});

describe('a client that says nothing, or nonsense (security row 5)', () => {
  it('is closed with 4408 at the deadline although it goes on sending', async () => {
    const client = await openV1(server.url);
    const from = performance.now();
    const timer = setInterval(() => client.socket.ping(), 50);
    expect((await client.closed).code).toBe(4408);
    expect(performance.now() - from).toBeGreaterThan(900);
    clearInterval(timer);
  });

  it('is closed after some frames', async () => {
    const client = await openV1(server.url);
    for (let n = 0; n < 50; n += 1) client.send({ type: 'message', id: `c-${n}`, data: { message: 'x' } });
    expect((await client.closed).code).toBe(4408);
  });

  it.each([
    ['', 4401],
    ['a.b.c', 4401],
  ])('is closed with a token that is none (%j)', async (token, code) => {
    const client = await openV1(server.url);
    client.send({ type: 'hello', data: { token } });
    expect((await client.closed).code).toBe(code);
  });

  it('cannot send more than 64 KiB in a frame', async () => {
    const client = await connect();
    client.send({ type: 'message', id: 'c-1', data: { message: 'x'.repeat(70_000) } });
    expect((await client.closed).code).toBe(1009);
  });
});
