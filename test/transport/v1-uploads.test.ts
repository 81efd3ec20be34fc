import { createHash, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, pdf } from '../evidence/support/samples.js';
import { openSession, type OpenedSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1 } from './support/v1-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    MAX_FILE_BYTES: '4 MiB',
    MAX_SESSION_EVIDENCE_BYTES: '6 MiB',
  });
});
afterAll(() => server.drop());

interface Uploaded {
  readonly uploadId: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
}

const upload = (
  { token }: Pick<OpenedSession, 'token'>,
  body: Buffer,
  name: string,
  type: string,
  url = server.url,
): Promise<Response> =>
  fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': type, 'X-File-Name': encodeURIComponent(name) },
    body: new Uint8Array(body),
  });
const uploaded = async (session: OpenedSession, body: Buffer, name: string, type: string): Promise<Uploaded> => {
  const response = await upload(session, body, name, type);
  expect(response.status).toBe(201);
  return (await response.json()) as Uploaded;
};
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;
const leftovers = () => readdir(path.join(server.dataDir, 'evidence', 'tmp'));
/** A picture of that many bytes. */
const photo = (bytes: number): Buffer => Buffer.concat([jpeg(), Buffer.alloc(bytes - jpeg().length, 7)]);

describe('an upload', () => {
  it('is checked, kept, and named by a message, whose frame describes it', async () => {
    const session = await openSession(server.url);
    const body = photo(3 * 2 ** 20);
    const file = await uploaded(session, body, 'Fota ɔf di rod.jpg', 'image/jpeg');
    expect(file).toMatchObject({
      name: 'Fota ɔf di rod.jpg',
      type: 'image/jpeg',
      size: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
    const client = await connectV1(server.url, session.token);
    await client.post('c-1', 'Look', { media: [{ uploadId: file.uploadId }] });
    const frame = await client.next('message', ({ data }) => data.role === 'citizen');
    const { uploadId, name, type, size } = file;
    expect(frame.data.media).toEqual([{ uploadId, name, type, size }]);
    expect(await leftovers()).toEqual([]);
    await client.close();
  });

  it('may be small and inside the message instead', async () => {
    const session = await openSession(server.url);
    const client = await connectV1(server.url, session.token);
    const media = [{ name: 'a.jpg', type: 'image/jpeg', size: jpeg().length, data: jpeg().toString('base64') }];
    expect(await client.post('c-1', '', { media })).toMatchObject({ type: 'ack' });
    const frame = await client.next('message', ({ data }) => data.role === 'citizen');
    expect(frame.data.media).toMatchObject([{ name: 'a.jpg', type: 'image/jpeg', size: jpeg().length }]);
    await client.close();
  });

  it('can be asked for by its own session until it is gone, so that a page that was loaded anew knows', async () => {
    const [mine, theirs] = [await openSession(server.url), await openSession(server.url)];
    const file = await uploaded(mine, pdf(), 'a.pdf', 'application/pdf');
    const ask = (session: OpenedSession, id: string): Promise<Response> =>
      fetch(`${server.url}/api/uploads/${id}`, { headers: { Authorization: `Bearer ${session.token}` } });
    const known = await ask(mine, file.uploadId);
    expect([known.status, await known.json()]).toEqual([200, file]);
    for (const unknown of [await ask(theirs, file.uploadId), await ask(mine, randomUUID()), await ask(mine, 'a')])
      expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'upload_unknown']);
    expect((await fetch(`${server.url}/api/uploads/${file.uploadId}`)).status).toBe(401);
  });

  it('can be named by its own session only, on every process', async () => {
    const other = await server.startBeside();
    const [mine, theirs] = [await openSession(server.url), await openSession(server.url)];
    const { uploadId } = await uploaded(mine, pdf(), 'a.pdf', 'application/pdf');
    const stranger = await connectV1(other.url, theirs.token);
    expect(await stranger.post('c-1', 'x', { media: [{ uploadId }] })).toMatchObject({
      type: 'error',
      data: { code: 'upload_unknown' },
    });
    const owner = await connectV1(other.url, mine.token);
    const ack = await owner.post('c-1', 'x', { media: [{ uploadId }] });
    expect(ack).toMatchObject({ type: 'ack', data: { duplicate: false } });
    expect(await owner.post('c-1', 'x', { media: [{ uploadId }] })).toMatchObject({ data: { duplicate: true } });
    await Promise.all([stranger.close(), owner.close()]);
    await other.stop();
  });

  it.each([
    ['a page', Buffer.from('<html><script>alert(1)</script></html>'), 'a.jpg', 'image/jpeg', 415, 'file_type_rejected'],
    ['nothing', Buffer.alloc(0), 'a.jpg', 'image/jpeg', 415, 'file_type_rejected'],
    ['another type than it says', pdf(), 'a.jpg', 'image/jpeg', 415, 'file_type_rejected'],
    ['too much', Buffer.alloc(5 * 2 ** 20), 'a.jpg', 'image/jpeg', 413, 'file_too_large'],
  ])(
    'of %s is refused, and nothing of it stays (security rows 17 and 18)',
    async (_, body, name, type, status, code) => {
      const response = await upload(await openSession(server.url), body, name, type);
      expect([response.status, await codeOf(response)]).toEqual([status, code]);
      expect(await leftovers()).toEqual([]);
    },
  );

  it('is refused when the conversation has no room left', async () => {
    const session = await openSession(server.url);
    await uploaded(session, photo(3 * 2 ** 20), 'a.jpg', 'image/jpeg');
    const response = await upload(session, photo(3 * 2 ** 20 + 1), 'b.jpg', 'image/jpeg');
    expect(await codeOf(response)).toBe('quota_exceeded');
    const more = await upload(session, photo(3.5 * 2 ** 20), 'c.jpg', 'image/jpeg');
    expect(await codeOf(more)).toBe('quota_exceeded');
  });

  it('needs a token', async () => {
    expect((await upload({ token: 'x' }, pdf(), 'a.pdf', 'application/pdf')).status).toBe(401);
  });

  it('is one at a time for a session', async () => {
    const session = await openSession(server.url);
    const slow = await slowUpload(session.token, 100_000);
    slow.socket.write('x'.repeat(1000));
    await expect.poll(leftovers).toHaveLength(1);
    expect(await codeOf(await upload(session, pdf(), 'a.pdf', 'application/pdf'))).toBe('busy');
    slow.socket.destroy();
    await expect.poll(leftovers).toEqual([]);
    await expect.poll(async () => (await upload(session, pdf(), 'a.pdf', 'application/pdf')).status).toBe(201);
  });

  it('that trickles is cut, and nothing of it stays (security row 14)', async () => {
    const { token } = await openSession(server.url);
    const slow = await slowUpload(token, 100_000);
    const timer = setInterval(() => slow.socket.write('0123456789'), 1000);
    await slow.ended;
    clearInterval(timer);
    await expect.poll(leftovers).toEqual([]);
  });
});

/** Sends the head of an upload, and leaves the body to the test. */
const slowUpload = async (token: string, length: number) => {
  const socket = connectTcp(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const head = [
    'POST /api/uploads HTTP/1.1',
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    'Content-Type: image/jpeg',
    'X-File-Name: a.jpg',
    `Content-Length: ${length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return { socket, ended };
};
