import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSessionId } from '../../src/platform/ids.js';
import { jpeg, pdf } from '../evidence/support/samples.js';
import { connectClassic, isMessage, openSession, upgradeStatus, type ClassicClient } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    SOCKETS_PER_IP: '12',
    SOCKETS_PER_SESSION: '3',
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    MAX_FILE_BYTES: '8 MiB',
  });
});
afterAll(() => server.drop());

const connect = async (): Promise<ClassicClient & { sessionId: string }> => {
  const { sessionId } = await openSession(server.url);
  return { ...(await connectClassic(server.url, sessionId)), sessionId };
};
const messageCount = async (sessionId: string): Promise<unknown> => {
  const response = await fetch(`${server.url}/api/agent/session/${sessionId}/status`);
  return ((await response.json()) as { messageCount: unknown }).messageCount;
};
const filesOf = async (): Promise<number> =>
  (await readdir(path.join(server.dataDir, 'evidence'), { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  ).length;

describe('a conversation', () => {
  it('takes the documented and the flat shape, with and without the session', async () => {
    const client = await connect();
    const { sessionId } = client;
    for (const frame of [
      { type: 'message', data: { message: 'Hello', sessionId } },
      { message: 'Hello', sessionId, userName: 'x', userEmail: 'y' },
      { type: 'message', data: { message: 'Hello', sessionId: null, media: null } },
    ]) {
      client.send(frame);
      expect((await client.nextMessage()).data).toMatchObject({ sessionId });
    }
    await client.close();
  });

  it('is silent for at least 250 ms after each message', async () => {
    const client = await connect();
    client.send({ message: 'Hello' });
    client.send({ message: 'A clerk at the land office asked me for money.' });
    client.send('{');
    await client.nextError();
    for (const [index, { at, frame }] of client.frames.entries()) {
      const following = client.frames[index + 1];
      if (frame.type === 'message' && following !== undefined) expect(following.at - at).toBeGreaterThan(230);
    }
    await client.close();
  });

  it('is the same on every socket of the session, and nobody hears their own words', async () => {
    const one = await connect();
    const other = await connectClassic(server.url, one.sessionId);
    const answer = await one.say('The hospital sent me away.');
    expect(await other.nextMessage()).toEqual(answer);
    expect(JSON.stringify([...one.frames, ...other.frames])).not.toContain('The hospital sent me away.');
    await Promise.all([one.close(), other.close()]);
  });

  it('records a message once that is sent twice with the same id', async () => {
    const client = await connect();
    for (let i = 0; i < 2; i += 1) client.send({ type: 'message', id: 'my-1', data: { message: 'Hello' } });
    await client.nextMessage();
    await client.say('Hello again');
    const status = await fetch(`${server.url}/api/agent/session/${client.sessionId}/status`);
    expect(client.frames.filter(({ frame }) => isMessage(frame))).toHaveLength(2);
    expect(status.status).toBe(200);
    await client.close();
  });
});

describe('a client that comes back (L2)', () => {
  it('gets what was said while no socket was open, and not what it has', async () => {
    const first = await connect();
    const { sessionId } = first;
    // What was shown counts as shown when the client has answered the ping that follows it.
    const receipt = once(first.socket, 'ping');
    const known = await first.say('Hello');
    await receipt;
    first.send({ message: 'The bribe was fifty thousand.' });
    first.socket.terminate();
    await first.closed;
    const second = await connectClassic(server.url, sessionId);
    const missed = await second.nextMessage();
    expect(missed.data.messageId).not.toBe(known.data.messageId);
    await second.say('submit');
    const said = second.frames.flatMap(({ frame }) => (frame.type === 'message' ? [frame.data.messageId] : []));
    expect(said).toHaveLength(2);
    await second.close();
  });

  it('gets nothing when it has seen everything, also after a restart of the server', async () => {
    const first = await connect();
    await first.say('Hello');
    await first.close();
    await server.restart();
    const second = await connectClassic(server.url, first.sessionId);
    const fresh = await second.say('submit');
    const said = second.frames.filter(({ frame }) => isMessage(frame));
    expect(said.map(({ frame }) => frame)).toEqual([fresh]);
    await second.close();
  });
});

describe('frames that are refused', () => {
  it('with the id of another session, and nothing is recorded there (security row 6)', async () => {
    const [a, b] = [await connect(), await connect()];
    a.send({ type: 'message', data: { message: 'canary of A', sessionId: b.sessionId } });
    expect((await a.nextError()).data.code).toBe('session_mismatch');
    const answer = await b.say('Hello');
    expect(b.frames.filter(({ frame }) => isMessage(frame)).map(({ frame }) => frame)).toEqual([answer]);
    await Promise.all([a.close(), b.close()]);
  });

  it('faster than the rate allows: the rest is told when to come back, and at last it is closed (security row 12)', async () => {
    const client = await connect();
    for (let i = 0; i < 200; i += 1) client.send({ message: `message ${i}` });
    expect((await client.closed).code).toBe(4429);
    const codes = client.frames.flatMap(({ frame }) => (frame.type === 'error' ? [frame.data.code] : []));
    expect(codes.at(-1)).toBe('rate_limited');
    const status = await fetch(`${server.url}/api/agent/session/${client.sessionId}/status`);
    const { messageCount } = (await status.json()) as { messageCount: number };
    expect(messageCount).toBeLessThanOrEqual(20);
  });

  it('that are bombs of brackets, without holding up the others (security row 10)', async () => {
    const [bomber, other] = [await connect(), await connect()];
    bomber.send('['.repeat(60_000));
    expect((await bomber.nextError()).data.code).toBe('bad_frame');
    expect((await bomber.closed).code).toBe(4400);
    expect((await other.say('Hello')).type).toBe('message');
    await other.close();
  });

  it('with keys that reach for prototypes pollute nothing (security row 9)', async () => {
    const client = await connect();
    client.send('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"message":"Hello"}');
    await client.nextMessage();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await client.close();
  });
});

describe('evidence in a frame', () => {
  const send = (client: ClassicClient, bytes: Buffer, more: Record<string, unknown> = {}): void => {
    const file = {
      name: 'a.pdf',
      type: 'application/pdf',
      size: bytes.length,
      data: bytes.toString('base64'),
      ...more,
    };
    client.send({ type: 'message', data: { message: 'see the file', media: [file] } });
  };

  it('of 7 MiB is stored, while another citizen is answered', async () => {
    const [client, other] = [await connect(), await connect()];
    const before = await filesOf();
    send(client, Buffer.concat([pdf(), randomBytes(7 * 2 ** 20)]));
    await other.say('Hello');
    expect((await client.nextMessage()).data.message).not.toBe('');
    expect(await filesOf()).toBe(before + 1);
    await Promise.all([client.close(), other.close()]);
  });

  it.each([
    [
      'HTML under the name of a photo',
      Buffer.from('<html><script>1</script>'),
      { name: 'a.jpg', type: 'image/jpeg' },
      'file_type_rejected',
    ],
    ['a size that lies', pdf(), { size: 3 }, 'file_size_mismatch'],
    ['more bytes than allowed', Buffer.concat([pdf(), Buffer.alloc(8.2 * 2 ** 20, 'x')]), {}, 'file_too_large'],
  ])(
    'that is %s is refused and leaves no trace, its text is kept and answered (security rows 17, 18)',
    async (...row) => {
      const [_what, bytes, more, code] = row;
      const client = await connect();
      const before = await filesOf();
      send(client, bytes, more);
      const { data } = await client.nextError();
      expect(data).toMatchObject({ code, kept: true, files: [{ code }] });
      expect(data.error).toMatch(
        /^Your text was kept, you need not send it again\. The file “a\.(pdf|jpg)” was not kept/,
      );
      expect((await client.nextMessage()).data.message).not.toBe('');
      expect(await filesOf()).toBe(before);
      expect(server.logLines.join('')).not.toMatch(/a\.(pdf|jpg)/);
      await client.close();
    },
  );

  it('that is refused alone, without a text, leaves nothing recorded', async () => {
    const client = await connect();
    const media = [{ name: 'tool.exe', type: '', data: 'TVo=' }];
    client.send({ type: 'message', id: 'm-1', data: { message: ' ', media } });
    expect((await client.nextError()).data).toMatchObject({
      ...{ code: 'file_type_rejected', kept: false, inReplyTo: 'm-1' },
      error: expect.stringContaining('The file “tool.exe” was not kept'),
    });
    expect(await messageCount(client.sessionId)).toBe(0);
    await client.close();
  });

  it('that was refused is told of again to a retry, and the text is recorded once', async () => {
    const client = await connect();
    const media = [pdf(), Buffer.from('MZ')].map((bytes, at) => ({
      ...(at === 0 ? { name: 'a.pdf', type: 'application/pdf' } : { name: 'tool.exe', type: '' }),
      data: bytes.toString('base64'),
    }));
    const frame = { type: 'message', id: 'm-1', data: { message: 'They took my plot of land.', media } };
    client.send(frame);
    const first = await client.nextError();
    expect(first.data.files).toEqual([{ name: 'tool.exe', code: 'file_type_rejected' }]);
    await client.nextMessage();
    client.send(frame);
    expect(await client.nextError()).toEqual(first);
    await client.say('It was last year.');
    await expect.poll(() => messageCount(client.sessionId)).toBe(4);
    await client.close();
  });

  it('beyond the most that a message may have is left out and named, the others are stored', async () => {
    const client = await connect();
    const before = await filesOf();
    const media = Array.from({ length: 12 }, (_one, n) => ({
      name: `scan-${n}.pdf`,
      type: 'application/pdf',
      data: Buffer.concat([pdf(), Buffer.from(`%${n}`)]).toString('base64'),
    }));
    client.send({ message: 'all of it', media });
    const { data } = await client.nextError();
    expect(data).toMatchObject({ code: 'too_many_files', kept: true });
    expect(data.error).toContain('The files “scan-10.pdf”, “scan-11.pdf” were not kept: At most 10 files');
    expect(await filesOf()).toBe(before + 10);
    await client.close();
  });

  it('may come as several files and a text', async () => {
    const client = await connect();
    const media = [pdf(), jpeg()].map((bytes, index) => ({
      name: index === 0 ? 'a.pdf' : 'b.jpg',
      type: index === 0 ? 'application/pdf' : 'image/jpeg',
      data: bytes.toString('base64'),
    }));
    client.send({ message: 'two files', media });
    expect((await client.nextMessage()).type).toBe('message');
    await client.close();
  });
});

describe('the handshake', () => {
  it.each(['https://evil', 'null', 'http://127.0.0.1.evil.com', 'HTTPS://EVIL'])(
    'from a page of %s is refused before the upgrade (security row 3)',
    async (origin) => {
      const { sessionId } = await openSession(server.url);
      const refused = await upgradeStatus(`${server.url}/?sessionId=${sessionId}`, { origin });
      expect(refused.status).toBe(403);
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'origin_rejected', status: 403 });
    },
  );

  it('from our own page and from programs is accepted, at both paths', async () => {
    const { sessionId } = await openSession(server.url);
    expect((await upgradeStatus(`${server.url}/ws?sessionId=${sessionId}`, { origin: server.url })).status).toBe(101);
    expect((await upgradeStatus(`${server.url}/?sessionId=${sessionId}`)).status).toBe(101);
  });

  it('never compresses, even when the client offers it (security row 16)', async () => {
    const { sessionId } = await openSession(server.url);
    const accepted = await upgradeStatus(`${server.url}/?sessionId=${sessionId}`, { perMessageDeflate: true });
    expect(accepted.status).toBe(101);
    expect(accepted.headers['sec-websocket-extensions']).toBeUndefined();
  });

  it('with unknown subprotocols only is refused with 400', async () => {
    const { sessionId } = await openSession(server.url);
    const refused = await upgradeStatus(`${server.url}/?sessionId=${sessionId}`, { protocols: ['soap', 'chat'] });
    expect(refused.status).toBe(400);
  });

  it('for a session that does not exist is refused with 404', async () => {
    expect((await upgradeStatus(`${server.url}/?sessionId=${newSessionId()}`)).status).toBe(404);
    expect((await upgradeStatus(`${server.url}/`)).status).toBe(404);
    expect((await upgradeStatus(`${server.url}/elsewhere`)).status).toBe(404);
  });

  it('of the thirteenth socket of an address is refused with 429, and works again when one has left (security row 13)', async () => {
    const clients: ClassicClient[] = [];
    for (let i = 0; i < 12; i += 1) clients.push(await connect());
    const { sessionId } = await openSession(server.url);
    const refused = await upgradeStatus(`${server.url}/?sessionId=${sessionId}`);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBeDefined();
    await clients.pop()?.close();
    const again = await connectClassic(server.url, sessionId);
    await Promise.all([again, ...clients].map((client) => client.close()));
  });

  it('of too many sockets of one session closes the oldest with 4409', async () => {
    const oldest = await connect();
    const others: ClassicClient[] = [];
    for (let i = 0; i < 3; i += 1) others.push(await connectClassic(server.url, oldest.sessionId));
    expect((await oldest.closed).code).toBe(4409);
    await Promise.all(others.map((client) => client.close()));
  });
});
