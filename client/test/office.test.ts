import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCitizenClient, type CitizenClient, type ClientOptions } from '../src/index.js';
import { NodeWebSocket, startOffice, type Office } from './support/office.js';
import { createStorage } from './support/simulation.js';
import { until } from './support/until.js';

// Against real sockets and real HTTP.

let office: Office;
let clients: CitizenClient[] = [];

const newClient = (options: ClientOptions = {}): CitizenClient => {
  const client = createCitizenClient({
    sessionUrl: `${office.url}/api/agent/session`,
    ...options,
    environment: { WebSocket: NodeWebSocket, storage: createStorage(), ...options.environment },
  });
  clients.push(client);
  return client;
};
const lines = (client: CitizenClient): readonly string[] =>
  client.getSnapshot().messages.map(({ role, text }) => `${role}:${text}`);
const live = (client: CitizenClient): Promise<void> => until('live', () => client.getSnapshot().isConnected);

beforeEach(async () => {
  office = await startOffice({ heartbeatMs: 200 });
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await office.stop();
});

describe('over WebSocket', () => {
  test('messages go both ways and pings keep the line', async () => {
    const client = newClient();
    client.connect();
    client.send('hello');
    await until('received', () => client.getSnapshot().messages[0]?.state === 'received');
    office.v1.say('welcome', { quickReplies: [{ label: 'Yes', send: 'yes' }] });
    await until('two messages', () => client.getSnapshot().messages.length === 2);
    expect(lines(client)).toEqual(office.v1.transcript());
    expect(client.getSnapshot().messages[1]?.quickReplies).toEqual([{ label: 'Yes', send: 'yes' }]);
    expect(client.getSnapshot().transport).toBe('websocket');
  });

  test('cuts in the middle of a talk lose and double nothing', async () => {
    const client = newClient();
    client.connect();
    for (let n = 0; n < 15; n += 1) {
      client.send(`m${n}`);
      office.v1.say(`r${n}`);
      if (n % 4 === 3) office.cut();
      await until(
        'accepted',
        () => client.getSnapshot().messages.filter(({ state }) => state !== 'received').length < 3,
      );
    }
    await until('all', () => lines(client).length === 30 && client.getSnapshot().isConnected);
    expect(lines(client)).toEqual(office.v1.transcript());
    expect(new Set(lines(client)).size).toBe(30);
  });

  test('a message of 8,000 characters of any script arrives unchanged', async () => {
    const client = newClient();
    client.connect();
    const text = 'ŋɔ́ 😀'.repeat(1333).slice(0, 8000);
    client.send(text);
    await until('received', () => client.getSnapshot().messages[0]?.state === 'received');
    expect(office.v1.transcript()).toEqual([`citizen:${text}`]);
  });
});

describe('over Server-Sent Events', () => {
  test('when WebSockets are blocked the same talk goes on, resumes and renews its token', async () => {
    office.blockWebSockets = true;
    const client = newClient();
    client.connect();
    client.send('hello');
    await until('received', () => client.getSnapshot().messages[0]?.state === 'received');
    expect(client.getSnapshot().transport).toBe('sse');
    office.v1.say('one');
    await until('one', () => lines(client).length === 2);
    office.cut();
    office.v1.say('missed');
    office.v1.tokens.delete('token-1');
    await until('missed', () => lines(client).length === 3);
    client.send('bye');
    await until('bye', () => lines(client).length === 4 && client.getSnapshot().messages[3]?.state === 'received');
    expect(lines(client)).toEqual(office.v1.transcript());
    expect(office.requests).toContain('POST /api/agent/session/session-1/token');
    const resumed = office.v1.helloes.at(-1);
    expect(resumed).toMatchObject({ data: { token: 'token-2', resume: { position: '1.2' } } });
  });

  test('where there is no WebSocket at all it is used as well', async () => {
    const client = newClient({ environment: { WebSocket: undefined } });
    client.connect();
    await live(client);
    expect(client.getSnapshot().transport).toBe('sse');
  });

  test('no secret stands in an address', async () => {
    office.blockWebSockets = true;
    const client = newClient();
    client.connect();
    await live(client);
    expect(office.requests.join()).not.toContain('token-1');
  });

  test('history is answered over POST', async () => {
    office.blockWebSockets = true;
    for (let n = 0; n < 250; n += 1) office.v1.say(`m${n}`);
    const client = newClient();
    client.connect();
    await until('all of it', () => lines(client).length === 250);
    expect(lines(client)).toEqual(office.v1.transcript());
  });
});

describe('files', () => {
  const large = (): File => new File([new Uint8Array(200_000).fill(7)], 'prüfung “1”.pdf', { type: 'application/pdf' });

  test('a large file is uploaded and the message refers to it', async () => {
    const client = newClient();
    client.connect();
    const progress: number[] = [];
    client.subscribe(() => progress.push(client.getSnapshot().messages[0]?.progress ?? -1));
    client.send('see file', [large()]);
    client.send('after it');
    await until('both', () => office.v1.transcript().length === 2);
    expect(office.uploads).toMatchObject([{ name: 'prüfung “1”.pdf', type: 'application/pdf' }]);
    expect(office.uploads[0]?.bytes).toHaveLength(200_000);
    expect(office.v1.log()[0]?.data.media).toMatchObject([{ uploadId: 'upload-1', size: 200_000 }]);
    expect(office.v1.transcript()).toEqual(['citizen:see file', 'citizen:after it']);
    expect(progress).toContain(1);
  });

  test('a file that was uploaded before is part of the message at once, also without a connection', async () => {
    const client = newClient();
    client.connect();
    const uploaded = await client.upload(large());
    client.close();
    client.send('see file', [uploaded]);
    expect(client.getSnapshot().messages[0]?.media).toMatchObject([{ uploadId: 'upload-1' }]);
    client.connect();
    await until('there', () => office.v1.log().length === 1);
    expect(office.v1.log()[0]?.data.media).toMatchObject([{ uploadId: 'upload-1' }]);
  });

  test('a small file goes inside the message', async () => {
    const client = newClient();
    client.connect();
    client.send('', [new File(['hi'], 'a.txt', { type: 'text/plain' })]);
    await until('there', () => office.v1.log().length === 1);
    expect(office.v1.log()[0]?.data.media).toEqual([{ name: 'a.txt', type: 'text/plain', size: 2, data: 'aGk=' }]);
    expect(office.uploads).toEqual([]);
  });

  test('network errors and "not now" are tried again, a refusal is not', async () => {
    const client = newClient();
    client.connect();
    office.uploadFailures.push(
      (_, request) => request.socket.destroy(),
      (response) => response.writeHead(503).end(),
    );
    await expect(client.upload(large())).resolves.toMatchObject({ uploadId: 'upload-1' });
    office.uploadFailures.push((response) =>
      response
        .writeHead(415, { 'content-type': 'application/json' })
        .end('{"error":"Not this kind.","code":"file_type_rejected","retryable":false}'),
    );
    await expect(client.upload(large())).rejects.toMatchObject({
      code: 'file_type_rejected',
      message: 'Not this kind.',
    });
  });

  test('a message whose file was refused has failed, and goes when it is tried again', async () => {
    const client = newClient();
    client.connect();
    office.uploadFailures.push((response) => response.writeHead(413).end());
    const id = client.send('see file', [large()]);
    await until('failed', () => client.getSnapshot().messages[0]?.state === 'failed');
    client.retry(id);
    await until('there', () => office.v1.transcript().length === 1);
    expect(office.uploads).toHaveLength(1);
  });

  test('an expired token is renewed for an upload', async () => {
    const client = newClient();
    client.connect();
    await live(client);
    office.v1.tokens.delete('token-1');
    await expect(client.upload(large())).resolves.toMatchObject({ uploadId: 'upload-1' });
  });

  test('an upload can be cancelled', async () => {
    const client = newClient();
    client.connect();
    await live(client);
    const abort = new AbortController();
    office.uploadFailures.push(() => abort.abort());
    await expect(client.upload(large(), { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
