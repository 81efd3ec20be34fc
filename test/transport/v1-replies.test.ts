import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { createScribe } from './support/scribe.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, type V1Client } from './support/v1-client.js';

const running: TestServer[] = [];
const begin = async (env: Readonly<Record<string, string>> = {}) => {
  const scribe = createScribe();
  const server = await startTestServer(env, { agent: scribe.agent });
  running.push(server);
  const session = await openSession(server.url);
  const client = await connectV1(server.url, session.token);
  return { scribe, server, session, client };
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.drop()));
});

/** The text that a client shows from deltas alone. */
const written = ({ frames }: V1Client): string =>
  frames.reduce(
    (text, frame) => (frame.type === 'delta' ? text.slice(0, frame.data.offset) + frame.data.text : text),
    '',
  );

describe('a reply that is being written', () => {
  it('is shown as it comes, and then as a message with the same id', async () => {
    const { scribe, client } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await client.next('reply')).data;
    for (const piece of ['Thank ', 'you', ' 😀.']) scribe.write(piece);
    await client.next('delta');
    scribe.end('Thank you 😀.');
    const message = await client.next('message', ({ data }) => data.role === 'agent');
    expect(message.data).toMatchObject({ message: 'Thank you 😀.', replyId, inReplyTo: 'c-1' });
    expect(written(client)).toBe('Thank you 😀.');
  });

  it('is told in whole to who joins in the middle', async () => {
    const { scribe, client, server, session } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    scribe.write('The clinic');
    await client.next('delta');
    const joiner = await connectV1(server.url, session.token);
    expect(joiner.welcome.data.running).toMatchObject({ offset: 10 });
    expect((await joiner.next('delta')).data).toMatchObject({ offset: 0, text: 'The clinic' });
    scribe.write(' has no medicine');
    expect((await joiner.next('delta')).data).toMatchObject({ offset: 10, text: ' has no medicine' });
    scribe.end('The clinic has no medicine.');
    await joiner.next('message', ({ data }) => data.role === 'agent');
  });

  it('goes on when everybody has left: only a stop ends it', async () => {
    const { scribe, client, server, session } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    await client.close();
    scribe.end('Here I am.');
    const back = await connectV1(server.url, session.token);
    const said = back.durable().some((frame) => frame.type === 'message' && frame.data.message === 'Here I am.');
    if (!said) await back.next('message', ({ data }) => data.message === 'Here I am.');
  });

  it('that is stopped keeps what was said, and the conversation goes on', async () => {
    const { scribe, client } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await client.next('reply')).data;
    scribe.write('I will now tell you');
    await client.next('delta');
    client.send({ type: 'cancel', id: 'x-1', data: { replyId } });
    const message = await client.next('message', ({ data }) => data.role === 'agent');
    expect(message.data).toMatchObject({ message: 'I will now tell you', replyId, state: 'greeting' });
    const ended = client.frames.some((frame) => frame.type === 'reply' && frame.data.reason === 'cancelled');
    if (!ended) await client.next('reply', ({ data }) => data.reason === 'cancelled');
    await client.post('c-2', 'Go on');
    await scribe.isRunning();
    scribe.end('Yes?');
    await client.next('message', ({ data }) => data.message === 'Yes?');
  });

  it('that is stopped before its first word leaves a notice, and no error', async () => {
    const { scribe, client } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await client.next('reply')).data;
    client.send({ type: 'cancel', id: 'x-1', data: { replyId } });
    const notice = await client.next('message', ({ data }) => data.role === 'system');
    expect(notice.data).toMatchObject({ code: 'reply_cancelled', state: 'greeting' });
  });

  it('that does not run any more cannot be stopped', async () => {
    const { scribe, client } = await begin();
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    const { replyId } = (await client.next('reply')).data;
    scribe.end('Done.');
    await client.next('message', ({ data }) => data.role === 'agent');
    client.send({ type: 'cancel', id: 'x-1', data: { replyId } });
    expect(await client.next('error')).toMatchObject({ id: 'x-1', data: { code: 'conflict' } });
  });
});

describe('the end of the server', () => {
  it('is announced with a time to come back, waits for the reply, and closes with 1012', async () => {
    const { scribe, client, server } = await begin({ DRAIN_WINDOW_MS: '1000' });
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    const stopped = server.stopServer();
    const { reconnectAfterMs, deadlineMs } = (await client.next('drain')).data;
    expect(reconnectAfterMs).toBeLessThanOrEqual(1000);
    expect(deadlineMs).toBeGreaterThan(1000);
    expect(await client.post('c-2', 'One more')).toMatchObject({
      type: 'error',
      data: { code: 'draining', retryable: true },
    });
    scribe.end('The last words.');
    await client.next('message', ({ data }) => data.message === 'The last words.');
    expect((await client.closed).code).toBe(1012);
    await stopped;
  });

  it('closes at once who awaits nothing', async () => {
    // Who awaits nothing does not wait for the deadline either: it is longer than this test may take.
    const { client, server } = await begin({ SHUTDOWN_TIMEOUT_MS: '600000' });
    const stopped = server.stopServer();
    expect((await client.closed).code).toBe(1012);
    expect(client.frames.some(({ type }) => type === 'drain')).toBe(true);
    await stopped;
  });

  it('leaves a reply that takes too long to the next process', async () => {
    const { scribe, client, server, session } = await begin({ SHUTDOWN_TIMEOUT_MS: '2000' });
    await client.post('c-1', 'Hello');
    await scribe.isRunning();
    await server.restart();
    expect((await client.closed).code).toBe(1012);
    await scribe.isRunning();
    scribe.end('From the next one.');
    const back = await connectV1(server.url, session.token);
    const said = back.durable().some((frame) => frame.type === 'message' && frame.data.role === 'agent');
    if (!said) await back.next('message', ({ data }) => data.role === 'agent');
  });
});
