import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodeList } from '../../src/transport/protocol/codes.js';
import { connectClassic, openSession, upgradeStatus } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { openV1 } from './support/v1-client.js';

const token = 'a-token-of-the-monitoring';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ METRICS_TOKEN: token, METRICS_PORT: '0' });
});
afterAll(() => server.drop());

const scrape = (url = server.url, authorization = `Bearer ${token}`): Promise<Response> =>
  fetch(`${url}/metrics`, { headers: { authorization } });

/** Series of a scrape by name and labels. */
const read = async (): Promise<ReadonlyMap<string, number>> => {
  const lines = (await (await scrape()).text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
};

const until = async (
  isTrue: (series: ReadonlyMap<string, number>) => boolean,
): Promise<ReadonlyMap<string, number>> => {
  for (;;) {
    const series = await read();
    if (isTrue(series)) return series;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Everything that a label of ours may hold: words of closed sets, never an id. */
const labelValue = /^([a-z][a-z0-9_-]{0,17}|\d{4}|\+Inf|\d+(\.\d+)?)$/;

describe('GET /metrics', () => {
  it('tells of a conversation: connections, appends, turns, lag and the event loop', async () => {
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId);
    await client.say('Hello');
    expect((await read()).get('citizen_connections{profile="classic",transport="websocket"}')).toBe(1);
    await client.close();
    await upgradeStatus(`${server.url}/?sessionId=${sessionId}`, { protocols: ['soap'] });
    const closed = 'citizen_connections_closed_total{profile="classic",transport="websocket",code="1005"}';
    const series = await until(
      (now) => now.get(closed) === 1 && (now.get('citizen_turns_total{outcome="finished"}') ?? 0) > 0,
    );
    expect(series.get('citizen_connections{profile="classic",transport="websocket"}')).toBe(0);
    expect(series.get('citizen_upgrades_refused_total{code="protocol_unsupported"}')).toBe(1);
    expect(series.get('citizen_appends_total{outcome="ok"}')).toBeGreaterThanOrEqual(3);
    expect(series.get('citizen_append_batch_events_count')).toBeGreaterThanOrEqual(3);
    expect(series.get('citizen_buffered_bytes')).toBe(0);
    expect(series.get('citizen_projection_lag_events{projection="transcript"}')).toBeGreaterThanOrEqual(0);
    expect(series.get('citizen_event_loop_delay_seconds{quantile="0.99"}')).toBeLessThan(60);
  });

  it('tells of resuming: acknowledgements, duplicates, and whether positions were known', async () => {
    const { token: sessionToken } = await openSession(server.url);
    const hello = async (position?: string) => {
      const client = await openV1(server.url);
      const resume = position === undefined ? null : { position };
      client.send({ type: 'hello', data: { token: sessionToken, resume } });
      return { client, welcome: await client.next('welcome') };
    };
    const { client, welcome } = await hello();
    await client.post('m-1', 'Hello');
    await client.post('m-1', 'Hello');
    const others = [await hello(welcome.position), await hello('another.1')];
    const series = await read();
    expect(series.get('citizen_connections{profile="v1",transport="websocket"}')).toBe(3);
    expect(series.get('citizen_resumes_total{outcome="fresh"}')).toBe(1);
    expect(series.get('citizen_resumes_total{outcome="recovered"}')).toBe(1);
    expect(series.get('citizen_resumes_total{outcome="rebuilt"}')).toBe(1);
    expect(series.get('citizen_acks_total{duplicate="false"}')).toBe(1);
    expect(series.get('citizen_acks_total{duplicate="true"}')).toBe(1);
    expect(series.get('citizen_ack_seconds_count')).toBe(2);
    await Promise.all([client, ...others.map((other) => other.client)].map((each) => each.close()));
  });

  it('counts streams of events beside sockets', async () => {
    const { sessionId, token: sessionToken } = await openSession(server.url);
    const leave = new AbortController();
    const stream = await fetch(`${server.url}/api/agent/session/${sessionId}/events`, {
      headers: { authorization: `Bearer ${sessionToken}` },
      signal: leave.signal,
    });
    expect(stream.status).toBe(200);
    const name = 'citizen_connections{profile="v1",transport="sse"}';
    await until((series) => series.get(name) === 1);
    leave.abort();
    await until((series) => series.get(name) === 0);
  });

  it('names nobody: labels are words of closed sets, and no session id stands anywhere', async () => {
    const { sessionId } = await openSession(server.url);
    const client = await connectClassic(server.url, sessionId);
    await client.say('My name is Canary Kamara');
    client.send({ type: 'message', data: { message: '' } });
    await client.nextError();
    const text = await (await scrape()).text();
    for (const secret of [sessionId, sessionId.slice(0, 10), 'Canary', '127.0.0.1']) expect(text).not.toContain(secret);
    for (const [, value] of text.matchAll(/[{,][a-z]+="([^"]*)"/g))
      expect(errorCodeList.includes(value as never) || labelValue.test(value!)).toBe(true);
    await client.close();
  });

  it.each(['', 'Bearer wrong', token])('is closed on the public port to %j', async (authorization) => {
    const refused = await scrape(server.url, authorization);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe('');
  });

  it('answers on a port of its own, there too only with the token when one is set', async () => {
    const own = `http://127.0.0.1:${server.metricsPort ?? 0}`;
    expect((await scrape(own)).status).toBe(200);
    expect((await scrape(own, '')).status).toBe(401);
    expect((await fetch(`${own}/healthz`)).status).toBe(404);
  });

  it('is not there at all unless a setting asks for it', async () => {
    const plain = await startTestServer();
    expect((await fetch(`${plain.url}/metrics`)).status).toBe(404);
    expect(plain.metricsPort).toBeNull();
    await plain.drop();
  });
});
