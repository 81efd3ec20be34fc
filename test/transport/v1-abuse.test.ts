import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { connectRaw, frame, type RawSocket } from './support/raw-socket.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, openV1 } from './support/v1-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    RATE_LIMITS: 'off',
    FRAME_DEADLINE_MS: '1000',
    SLOW_ACK_MS: '1500',
  });
});
afterAll(() => server.drop());

const TEXT = 0x81;
/** A socket of the resumable profile, byte by byte. */
const rawV1 = async (): Promise<RawSocket> => {
  const raw = await connectRaw(server.port);
  const lines = [
    'GET /ws HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: leoma.chat.v1',
  ];
  raw.write(`${lines.join('\r\n')}\r\n\r\n`);
  await expect.poll(() => raw.received().toString('latin1')).toContain('101 Switching Protocols');
  return raw;
};

describe('frames that break the WebSocket protocol (security row 11)', () => {
  it.each([
    ['unmasked', frame(TEXT, Buffer.from('{}'), { masked: false }), 1002],
    ['too large', frame(TEXT, Buffer.alloc(10), { length: 70_000 }), 1009],
    ['not UTF-8', frame(TEXT, Buffer.from([0xff, 0xfe])), 1007],
    ['compressed', frame(0xc1, Buffer.from('{}')), 1002],
    ['of an unknown kind', frame(0x83, Buffer.from('{}')), 1002],
    ['a stray continuation', frame(0x80, Buffer.from('{}')), 1002],
    [
      'a flood of fragments',
      Buffer.concat([
        frame(0x01, Buffer.from('x')),
        ...Array.from({ length: 200 }, () => frame(0x00, Buffer.from('x'))),
      ]),
      1008,
    ],
  ])('%s end the connection with the right code', async (_, bytes, code) => {
    const raw = await rawV1();
    raw.write(bytes);
    await raw.ended;
    expect(raw.closeCode()).toBe(code);
  });

  it('and a message that is begun and never ends is closed at the deadline (security row 14)', async () => {
    const raw = await rawV1();
    raw.write(frame(TEXT, Buffer.from('{"ty'), { length: 100 }));
    await raw.ended;
    expect(raw.closeCode()).toBe(4408);
  });
});

describe('a client that does not read (security row 15)', () => {
  it('is closed and cut, while others go on', async () => {
    const session = await openSession(server.url);
    const lazy = await connectV1(server.url, session.token);
    const keen = await connectV1(server.url, session.token);
    lazy.socket.pause();
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n} ${'x'.repeat(2000)}`);
    for (const [n, line] of lines.entries()) expect(await keen.post(`c-${n}`, line)).toMatchObject({ type: 'ack' });
    await expect.poll(() => server.logLines.join('')).toMatch(/"code":1013/);
    lazy.socket.resume();
    expect([1006, 1013]).toContain((await lazy.closed).code);
    await keen.close();
  });
});

describe('a client that asks for much and reads nothing (security row 15)', () => {
  it('is closed once its buffers are full, those of the network too', async () => {
    // Patient with receipts, so that only what waits in the server can end it.
    const patient = await startTestServer({ RATE_LIMITS: 'off', SLOW_ACK_MS: '600000' });
    try {
      const { token } = await openSession(patient.url);
      const lazy = await connectV1(patient.url, token);
      for (let n = 0; n < 40; n += 1) await lazy.post(`c-${n}`, '€'.repeat(8000));
      lazy.socket.pause();
      const closed = (): boolean => /"code":1013/.test(patient.logLines.join(''));
      for (let n = 0; n < 400 && !closed(); n += 1) {
        lazy.send({ type: 'history', id: `h-${n}`, data: { limit: 100 } });
        await new Promise((resolve) => setImmediate(resolve));
      }
      await expect.poll(closed, { timeout: 30_000 }).toBe(true);
      lazy.socket.resume();
      expect([1006, 1013]).toContain((await lazy.closed).code);
    } finally {
      await patient.drop();
    }
  });
});

describe('sockets that never say hello (security row 5)', () => {
  it('cost next to nothing, and are all closed', async () => {
    const clients = await Promise.all(Array.from({ length: 500 }, () => openV1(server.url)));
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 8; round += 1)
      for (const client of clients) client.send(JSON.stringify({ type: 'message', id: 'x', data: { message: 'y' } }));
    for (const client of clients) client.send({ type: 'ping' });
    const codes = await Promise.all(clients.map(({ closed }) => closed));
    expect(new Set(codes.map(({ code }) => code))).toEqual(new Set([4408]));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 2 ** 20);
  });
});

describe('what stands in the log', () => {
  it('is neither a token nor a session id nor a word of what was said (security rows 2 and 23)', async () => {
    const session = await openSession(server.url);
    const offered = `leoma.token.${Buffer.from(session.token).toString('base64url')}`;
    const client = await openV1(server.url, { protocols: ['leoma.chat.v1', offered] });
    client.send({ type: 'hello', data: { client: { name: 'test', version: '1' } } });
    await client.next('welcome');
    await client.post('c-1', 'canary of the v1 log');
    await client.next('message', ({ data }) => data.role === 'agent');
    await client.close();
    const log = server.logLines.join('\n');
    for (const secret of [session.token, offered, session.sessionId, 'canary of the v1 log'])
      expect(log).not.toContain(secret);
  });
});
