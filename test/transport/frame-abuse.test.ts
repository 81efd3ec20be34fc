import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { connectRaw, frame, handshake, type RawSocket } from './support/raw-socket.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ HANDSHAKE_TIMEOUT_MS: '1000', FRAME_DEADLINE_MS: '1500' });
});
afterAll(() => server.drop());

const upgraded = async (): Promise<RawSocket> => {
  const { sessionId } = await openSession(server.url);
  const raw = await connectRaw(server.port);
  raw.write(handshake(sessionId));
  while (!raw.received().includes('\r\n\r\n')) await new Promise((resolve) => raw.socket.once('data', resolve));
  expect(raw.received().toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
  return raw;
};
const bytes = (text: string): Buffer => Buffer.from(text);
const FIN = 0x80;
const [TEXT, CLOSE, PING] = [1, 8, 9];

describe('frames against the protocol (security row 11)', () => {
  it.each([
    ['unmasked', frame(FIN | TEXT, bytes('{}'), { masked: false }), 1002],
    ['announced larger than allowed', frame(FIN | TEXT, bytes('x'), { length: 15 * 2 ** 20 }), 1009],
    ['not UTF-8', frame(FIN | TEXT, Buffer.from([0xc3, 0x28])), 1007],
    ['compressed without agreement', frame(FIN | 0x40 | TEXT, bytes('{}')), 1002],
    ['a ping of more than 125 bytes', frame(FIN | PING, Buffer.alloc(126)), 1002],
    ['of a reserved opcode', frame(FIN | 3, bytes('x')), 1002],
    ['a continuation of nothing', frame(FIN | 0, bytes('x')), 1002],
    ['a close with code 1005', frame(FIN | CLOSE, Buffer.from([0x03, 0xed])), 1002],
    [
      '200 fragments of one byte',
      Buffer.concat([frame(TEXT, bytes('x')), ...Array.from({ length: 199 }, () => frame(0, bytes('x')))]),
      1008,
    ],
  ])('%s', async (_what, wrong, code) => {
    const raw = await upgraded();
    raw.write(wrong);
    await raw.ended;
    expect(raw.closeCode()).toBe(code);
  });
});

describe('the socket library (security row 31)', () => {
  it('is at least 8.21, which limits fragments and buffered chunks', () => {
    const { version } = JSON.parse(readFileSync('node_modules/ws/package.json', 'utf8')) as { version: string };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(8021);
  });
});

describe('slow clients (security row 14)', () => {
  it('that do not finish their headers get 408 and are cut', async () => {
    const raw = await connectRaw(server.port);
    raw.write('GET /?sessionId=x HTTP/1.1\r\nHost: h\r\nX-Slow: ');
    await raw.ended;
    expect(raw.received().toString('latin1')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that send nothing at all are cut', async () => {
    const raw = await connectRaw(server.port);
    await raw.ended;
    expect(raw.received().toString('latin1')).not.toContain('200');
  });

  it('that trickle a body are cut', async () => {
    const raw = await connectRaw(server.port);
    raw.write(
      'POST /api/agent/message HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const drip = setInterval(() => raw.write(' '), 100);
    await raw.ended;
    clearInterval(drip);
    expect(raw.received().toString('latin1')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each([
    ['of a type that nobody reads', '/api/agent/message', 'text/plain', 1000, 415],
    ['for a page that does not exist', '/nowhere', 'application/json', 1000, 404],
    ['larger than the light page takes', '/lite/chat', 'multipart/form-data; boundary=x', 100 * 2 ** 20, 413],
  ])('that trickle a body %s are answered at once and cut later', async (_what, path, type, length, status) => {
    const raw = await connectRaw(server.port);
    raw.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`);
    const drip = setInterval(() => raw.write(' '), 100);
    await raw.ended;
    clearInterval(drip);
    expect(raw.received().toString('latin1')).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('that trickle fragments, with pings in between, are closed at the deadline of the message', async () => {
    const raw = await upgraded();
    raw.write(frame(TEXT, bytes('{')));
    const drip = setInterval(
      () => raw.write(Buffer.concat([frame(0, bytes(' ')), frame(FIN | PING, bytes('p'))])),
      100,
    );
    await raw.ended;
    clearInterval(drip);
    expect(raw.closeCode()).toBe(4408);
  });

  it('that trickle the bytes of one frame are closed too', async () => {
    const raw = await upgraded();
    raw.write(frame(FIN | TEXT, bytes('{'), { length: 1000 }));
    const drip = setInterval(() => raw.write(' '), 100);
    await raw.ended;
    clearInterval(drip);
    expect(raw.closeCode()).toBe(4408);
  });
});
