import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type OpenedSession } from './support/classic-client.js';
import { connectSse, type SseClient, type SseEvent } from './support/sse-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1 } from './support/v1-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SESSIONS_PER_IP_PER_MINUTE: '1000', HEARTBEAT_MS: '200', SOCKETS_PER_SESSION: '3' });
});
afterAll(() => server.drop());

const post = async (
  { sessionId, token }: OpenedSession,
  frame: unknown,
  headers: Record<string, string> = { Authorization: `Bearer ${token}` },
) =>
  fetch(`${server.url}/api/agent/session/${sessionId}/frames`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(frame),
  });
const answersTo = async (session: OpenedSession, frame: unknown) =>
  (await (await post(session, frame)).json()) as unknown[];
const durable = (events: readonly SseEvent[]) =>
  events.filter(({ frame }) => frame.type === 'message' || frame.type === 'status');
const answered = (client: SseClient, times = 1) =>
  client.until(
    (events) => events.filter(({ frame }) => frame.type === 'message' && frame.data.role === 'agent').length >= times,
  );

describe('a stream of events', () => {
  it('carries, frame by frame, what a WebSocket carries', async () => {
    const session = await openSession(server.url);
    const socket = await connectV1(server.url, session.token);
    const stream = await connectSse(server.url, session);
    await stream.until((events) => events.length >= 2);
    const ack = await answersTo(session, { type: 'message', id: 'c-1', data: { message: 'Hello' } });
    expect(ack).toMatchObject([{ type: 'ack', id: 'c-1', data: { duplicate: false } }]);
    await socket.next('message', ({ data }) => data.role === 'agent');
    await answered(stream);
    expect(durable(stream.events).map(({ frame }) => frame)).toEqual(socket.durable());
    const kinds = (frames: readonly { readonly type: string }[]) =>
      frames.map(({ type }) => type).filter((type) => !['reply', 'delta', 'typing'].includes(type));
    expect(kinds(stream.events.map(({ frame }) => frame))).toEqual(kinds(socket.frames));
    for (const { id, frame } of durable(stream.events)) expect(id).toBe('position' in frame ? frame.position : '');
    stream.close();
    await socket.close();
  });

  it('goes on after Last-Event-ID', async () => {
    const session = await openSession(server.url);
    const first = await connectSse(server.url, session);
    await post(session, { type: 'message', id: 'c-1', data: { message: 'Hello' } });
    await answered(first);
    first.close();
    const place = durable(first.events).at(-1)?.id;
    await post(session, { type: 'message', id: 'c-2', data: { message: 'The clerk took my papers.' } });
    const second = await connectSse(server.url, session, place);
    await answered(second);
    expect(second.events[0]?.frame).toMatchObject({ type: 'welcome', data: { recovered: true } });
    const [next] = durable(second.events);
    expect(next?.frame).toMatchObject({ prev: place });
    second.close();
  });

  it('stays open although nothing happens', async () => {
    const session = await openSession(server.url);
    const stream = await connectSse(server.url, session);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // seven heartbeats
    await post(session, { type: 'message', id: 'c-1', data: { message: 'Hello' } });
    await answered(stream);
    stream.close();
  });

  it('counts as a tab: a newer one takes the place of the oldest', async () => {
    const session = await openSession(server.url);
    const oldest = await connectSse(server.url, session);
    const others = [];
    for (let n = 0; n < 3; n += 1) others.push(await connectSse(server.url, session));
    await oldest.ended;
    expect(oldest.events.at(-1)?.frame).toMatchObject({ type: 'close', data: { code: 4409 } });
    for (const other of others) other.close();
  });

  it.each([
    ['no token', () => ({}), 401],
    ['a token that is none', () => ({ Authorization: 'Bearer x' }), 401],
  ])('is not for %s', async (_, headers, status) => {
    const { sessionId } = await openSession(server.url);
    const response = await fetch(`${server.url}/api/agent/session/${sessionId}/events`, { headers: headers() });
    expect(response.status).toBe(status);
    await response.body?.cancel();
  });

  it('is not for the token of another session', async () => {
    const [mine, other] = [await openSession(server.url), await openSession(server.url)];
    await expect(connectSse(server.url, { ...mine, token: other.token })).rejects.toThrow('HTTP 403');
  });
});

describe('frames that are posted', () => {
  it('are answered as on a socket', async () => {
    const session = await openSession(server.url);
    const frame = { type: 'message', id: 'c-1', data: { message: 'Hello' } };
    const [first] = await answersTo(session, frame);
    const [again] = await answersTo(session, frame);
    expect(again).toEqual({ ...(first as object), data: { ...(first as { data: object }).data, duplicate: true } });
    expect(await answersTo(session, { type: 'ping', data: { t: 1 } })).toMatchObject([
      { type: 'pong', data: { t: 1 } },
    ]);
    expect(await answersTo(session, { type: 'history', id: 'h', data: { limit: 1 } })).toMatchObject([
      { type: 'history', id: 'h', data: { items: [{}], complete: false } },
    ]);
    expect(await answersTo(session, { type: 'bye' })).toEqual([]);
    expect(await answersTo(session, { type: 'dance', id: 'x' })).toMatchObject([
      { type: 'error', id: 'x', data: { code: 'unsupported_type' } },
    ]);
    expect(await answersTo(session, { ...frame, id: 'c-2', data: { message: 'x', sessionId: 'other' } })).toMatchObject(
      [{ type: 'error', id: 'c-2', data: { code: 'session_mismatch' } }],
    );
    expect(await answersTo(session, { type: 'read', data: { position: 'x' } })).toMatchObject([
      { type: 'error', data: { code: 'position_invalid' } },
    ]);
  });

  it('draw on the same allowance as sockets', async () => {
    const session = await openSession(server.url);
    const answers = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(...(await answersTo(session, { type: 'message', id: `c-${n}`, data: { message: 'x' } })));
    expect(answers.at(-1)).toMatchObject({ type: 'error', data: { code: expect.stringMatching(/rate_limited|busy/) } });
  });

  it('need a token', async () => {
    const session = await openSession(server.url);
    expect((await post(session, { type: 'ping' }, {})).status).toBe(401);
  });
});
