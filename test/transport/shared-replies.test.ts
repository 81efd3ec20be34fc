import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { createScribe } from './support/scribe.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, type V1Client } from './support/v1-client.js';

// Two servers over one database: the citizen writes at one of them, and is connected to the other as well.

let server: TestServer;
let scribe: ReturnType<typeof createScribe>;
let here: V1Client;
let there: V1Client;
let otherUrl: string;
let token: string;

beforeEach(async () => {
  scribe = createScribe();
  server = await startTestServer({}, { agent: scribe.agent });
  otherUrl = (await server.startBeside()).url;
  ({ token } = await openSession(server.url));
  here = await connectV1(server.url, token);
  there = await connectV1(otherUrl, token);
});
afterEach(() => server.drop());

describe('A reply that is written by another process', () => {
  it('is shown as it is written, also to who joins in the middle', async () => {
    await here.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await there.next('reply', ({ data }) => data.phase === 'started')).data;
    scribe.write('The clinic 😀');
    expect((await there.next('delta')).data).toEqual({ replyId, offset: 0, text: 'The clinic 😀' });
    const joiner = await connectV1(otherUrl, token);
    expect(joiner.welcome.data.running).toEqual({ replyId, offset: 13 });
    scribe.write(' is closed');
    expect((await there.next('delta')).data).toEqual({ replyId, offset: 13, text: ' is closed' });
    scribe.end('The clinic 😀 is closed.');
    await there.next('message', ({ data }) => data.replyId === replyId);
  });

  it('is stopped from here, and what was said by then stays', async () => {
    await here.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await there.next('reply', ({ data }) => data.phase === 'started')).data;
    scribe.write('I will now tell you');
    await there.next('delta');
    there.send({ type: 'cancel', id: 'x-1', data: { replyId } });
    const message = await there.next('message', ({ data }) => data.role === 'agent');
    expect(message.data).toMatchObject({ message: 'I will now tell you', replyId });
    expect(there.frames.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('cannot be stopped by the citizen of another session', async () => {
    const stranger = await connectV1(otherUrl, (await openSession(server.url)).token);
    await here.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await there.next('reply', ({ data }) => data.phase === 'started')).data;
    stranger.send({ type: 'cancel', id: 'x-1', data: { replyId } });
    expect(await stranger.next('error')).toMatchObject({ id: 'x-1', data: { code: 'conflict' } });
    scribe.end('Still here.');
    await there.next('message', ({ data }) => data.message === 'Still here.');
  });
});
