import { describe, expect, test } from 'vitest';
import type { ClientEvents, CitizenClient } from '../src/index.js';
import { createSimulation, createStorage } from './support/simulation.js';

const lines = (client: CitizenClient): readonly string[] =>
  client.getSnapshot().messages.map(({ text, state }) => `${text}:${state}`);

const record = <K extends keyof ClientEvents>(client: CitizenClient, event: K): ClientEvents[K][] => {
  const seen: ClientEvents[K][] = [];
  client.on(event, (payload) => seen.push(payload));
  return seen;
};

describe('a session', () => {
  test('connects with the subprotocol and without anything secret in the address', async () => {
    const { clock, newClient, sockets, requests } = createSimulation();
    const { client } = newClient();
    const states = record(client, 'state');
    client.connect();
    await clock.advance(1000);
    expect(states).toEqual(['connecting', 'greeting', 'replaying', 'live']);
    expect(sockets).toEqual([{ url: 'ws://office/', protocols: ['leoma.chat.v1'] }]);
    expect(requests).toEqual(['POST /api/agent/session']);
  });

  test('a classic server is opened with the session id and no subprotocol', async () => {
    const { clock, newClient, sockets, answer } = createSimulation();
    answer.session = () => Response.json({ sessionId: 'old', websocketUrl: 'ws://old' });
    const { client } = newClient();
    client.connect();
    await clock.advance(1000);
    expect(sockets).toEqual([{ url: 'ws://old?sessionId=old', protocols: undefined }]);
    expect(client.getSnapshot()).toMatchObject({ isConnected: true, transport: 'classic' });
  });

  test('two tabs of one session show the same, the own message once in each', async () => {
    const { clock, newClient, server } = createSimulation();
    const one = newClient().client;
    const two = newClient().client;
    one.connect();
    two.connect();
    await clock.advance(1000);
    one.send('from one');
    two.send('from two');
    server.say('answer');
    await clock.advance(1000);
    expect(lines(one)).toEqual(lines(two));
    expect([...lines(one)].sort()).toEqual(['answer:received', 'from one:received', 'from two:received']);
  });

  test('an error of the office is told in its words', async () => {
    const { clock, newClient, answer } = createSimulation();
    answer.session = () =>
      Response.json({ error: 'Not from here.', code: 'origin_rejected', retryable: false }, { status: 403 });
    const { client } = newClient();
    const errors = record(client, 'error');
    client.connect();
    await clock.advance(1000);
    expect(errors).toMatchObject([{ code: 'origin_rejected', message: 'Not from here.' }]);
    expect(client.getSnapshot().phase).toBe('failed');
  });

  test('503 with Retry-After is waited for', async () => {
    const { clock, newClient, answer, requests } = createSimulation();
    answer.session = () => new Response('', { status: 503, headers: { 'retry-after': '20' } });
    const { client } = newClient();
    client.connect();
    await clock.advance(19_000);
    expect(requests).toHaveLength(1);
    await clock.advance(2_000);
    expect(requests).toHaveLength(2);
  });

  test('an expired token is renewed once with 4401, and nothing is lost', async () => {
    const { clock, newClient, server, answer, requests } = createSimulation();
    const { client } = newClient();
    client.connect();
    await clock.advance(1000);
    server.tokens.delete('token-1');
    server.tokens.add('token-2');
    answer.token = () => Response.json({ token: 'token-2', expiresAt: clock.now() + 1e7 });
    server.closeAll(4401);
    client.send('kept');
    await clock.advance(1000);
    expect(requests.at(-1)).toBe('POST /api/agent/session/session-1/token');
    expect(lines(client)).toEqual(['kept:received']);
  });

  test('a token is renewed in time, at the site that wants to do it itself', async () => {
    const { clock, newClient, answer, requests } = createSimulation();
    const login = {
      sessionId: 'session-1',
      websocketUrl: 'ws://office/',
      protocols: ['leoma.chat.v1'],
      token: 'token-1',
    };
    answer.session = () => Response.json({ ...login, expiresAt: clock.now() + 100_000 });
    const { client } = newClient({ tokenUrl: '/login/:id/token' });
    client.connect();
    await clock.advance(90_000);
    expect(requests).toEqual(['POST /api/agent/session', 'POST /login/session-1/token']);
    expect(client.getSnapshot().isConnected).toBe(true);
  });
});

describe('the storage', () => {
  test('what waits survives a reload and is delivered once', async () => {
    const simulation = createSimulation();
    const { clock, newClient, server, weather } = simulation;
    const storage = createStorage();
    const before = newClient({}, storage).client;
    before.connect();
    await clock.advance(1000);
    weather.blocked = true;
    simulation.cut();
    before.send('one');
    before.send('two');
    weather.blocked = false;
    const after = newClient({}, storage).client;
    after.connect();
    await clock.advance(60_000);
    expect(server.transcript()).toEqual(['citizen:one', 'citizen:two']);
    expect(lines(after)).toEqual(['one:received', 'two:received']);
    expect(after.getSnapshot().sessionId).toBe('session-1');
  });

  test('messages written before there was a session survive as well', async () => {
    const { clock, newClient, server, weather } = createSimulation();
    const storage = createStorage();
    weather.blocked = true;
    const before = newClient({}, storage).client;
    before.connect();
    before.send('early');
    await clock.advance(1000);
    before.close();
    weather.blocked = false;
    newClient({}, storage).client.connect();
    await clock.advance(30_000);
    expect(server.transcript()).toEqual(['citizen:early']);
  });

  test('it holds no text that the office has received', async () => {
    const { clock, newClient, server } = createSimulation();
    const storage = createStorage();
    const { client } = newClient({}, storage);
    client.connect();
    client.send('SECRET');
    expect([...storage.values.values()].join()).toContain('SECRET');
    await clock.advance(1000);
    server.say('ANSWER');
    await clock.advance(1000);
    expect([...storage.values.values()].join()).not.toMatch(/SECRET|ANSWER/);
  });

  test.each([
    ['end()', ({ client }: { client: CitizenClient }) => client.end()],
    ['4403', ({ server }: { server: { closeAll: (code: number) => void } }) => server.closeAll(4403)],
    [
      'session_closed',
      ({ server }: { server: ReturnType<typeof createSimulation>['server'] }) =>
        server.broadcast({ type: 'error', data: { code: 'session_closed', error: 'over' } }),
    ],
  ])('security.md row 30: after %s it is empty and so is the screen, also with messages waiting', async (_, finish) => {
    const { clock, newClient, server } = createSimulation(1, {
      refuse: () => ({ code: 'busy', retryable: true, retryAfterMs: 1e6 }),
    });
    const storage = createStorage();
    const { client } = newClient({}, storage);
    client.connect();
    client.send('SECRET');
    await clock.advance(1000);
    expect(storage.values.size).toBe(1);
    server.say('ANSWER', { state: 'completed', trackingNumber: 'OMB-1' });
    await clock.advance(1000);
    expect(lines(client)).toEqual(['ANSWER:received', 'SECRET:waiting']);
    finish({ client, server });
    await clock.advance(1000);
    expect(client.getSnapshot()).toMatchObject({
      messages: [],
      sessionId: null,
      position: null,
      conversation: { state: null, trackingNumber: null },
    });
    expect(storage.values.size).toBe(0);
    client.connect();
    await clock.advance(1000);
    expect([...storage.values.values()].join()).not.toContain('SECRET');
  });

  test('end() empties the storage also of a client that is not connected', async () => {
    const { clock, newClient } = createSimulation();
    const storage = createStorage();
    const { client } = newClient({}, storage);
    client.connect();
    await clock.advance(1000);
    client.close();
    expect(storage.values.size).toBe(1);
    client.end();
    expect(storage.values.size).toBe(0);
  });

  test('a storage that is full is reported once, and the chat goes on', async () => {
    const { clock, newClient, server } = createSimulation();
    const full = {
      ...createStorage(),
      setItem: () => {
        throw new Error('quota');
      },
    };
    const { client } = newClient({}, full);
    const errors = record(client, 'error');
    client.connect();
    client.send('a');
    client.send('b');
    await clock.advance(1000);
    expect(errors.map(({ code }) => code)).toEqual(['storage_unavailable']);
    expect(server.transcript()).toEqual(['citizen:a', 'citizen:b']);
  });

  test('with position "stored" a reload continues where the tab was', async () => {
    const { clock, newClient, server } = createSimulation();
    const storage = createStorage();
    const first = newClient({ position: 'stored' }, storage).client;
    first.connect();
    await clock.advance(1000);
    server.say('old');
    await clock.advance(1000);
    first.close();
    server.say('new');
    const second = newClient({ position: 'stored' }, storage).client;
    second.connect();
    await clock.advance(1000);
    expect(lines(second)).toEqual(['new:received']);
    const page = await Promise.all([second.history(), clock.advance(1000)]);
    expect(page[0]).toMatchObject({ complete: true, messages: [{ text: 'old' }] });
    expect(lines(second)).toEqual(['old:received', 'new:received']);
  });
});

describe('bad days', () => {
  test('a socket that goes silent is given up after two missed pongs, without waiting for its close', async () => {
    const simulation = createSimulation();
    const { clock, newClient, server, sockets } = simulation;
    const { client } = newClient();
    client.connect();
    await clock.advance(1000);
    simulation.silence();
    server.say('missed');
    await clock.advance(80_000);
    expect(sockets).toHaveLength(2);
    expect(lines(client)).toEqual(['missed:received']);
  });

  test('a page that wakes up with a dead socket knows it within five seconds', async () => {
    const simulation = createSimulation();
    const { clock, newClient, server } = simulation;
    const { client, tell } = newClient();
    client.connect();
    await clock.advance(1000);
    simulation.silence();
    server.say('missed');
    tell({ visible: true });
    await clock.advance(6_000);
    expect(lines(client)).toEqual(['missed:received']);
  });

  test('the outbox takes twenty messages', async () => {
    const { clock, newClient, weather, server } = createSimulation();
    weather.blocked = true;
    const { client, tell } = newClient();
    client.connect();
    for (let n = 0; n < 20; n += 1) client.send(`m${n}`);
    expect(() => client.send('too much')).toThrow(expect.objectContaining({ code: 'outbox_full' }));
    expect(() => client.send('  ')).toThrow(expect.objectContaining({ code: 'message_empty' }));
    weather.blocked = false;
    tell({ online: true });
    await clock.advance(60_000);
    expect(server.transcript()).toEqual(Array.from({ length: 20 }, (_, n) => `citizen:m${n}`));
  });

  test('messages that failed take no room from new ones', async () => {
    const { clock, newClient } = createSimulation(1, {
      refuse: () => ({ code: 'quota_exceeded', error: 'No room.', retryable: false }),
    });
    const { client } = newClient();
    client.connect();
    await clock.advance(1000);
    for (let n = 0; n < 20; n += 1) client.send(`m${n}`);
    await clock.advance(10_000);
    expect(lines(client)).toContain('m19:failed');
    expect(() => client.send('one more')).not.toThrow();
  });

  test('a session of a thousand messages comes whole, newest page first', async () => {
    const { clock, newClient, server } = createSimulation();
    for (let n = 0; n < 1000; n += 1) server.say(`m${n}`);
    const { client } = newClient();
    client.connect();
    await clock.advance(60_000);
    expect(client.getSnapshot().messages.map(({ text }) => `agent:${text}`)).toEqual(server.transcript());
    expect(client.getSnapshot().catchingUp).toBe(false);
  });

  test('an unanswered history request fails with the connection', async () => {
    const simulation = createSimulation();
    const { clock, newClient } = simulation;
    const { client } = newClient();
    await expect(client.history()).rejects.toMatchObject({ code: 'network' });
    client.connect();
    await clock.advance(1000);
    simulation.silence();
    const page = client.history();
    simulation.cut();
    await Promise.all([expect(page).rejects.toMatchObject({ code: 'network' }), clock.advance(1000)]);
  });
});

describe('snapshots', () => {
  test('parts that did not change keep their identity, and subscribers hear of changes only', async () => {
    const { clock, newClient, server } = createSimulation();
    const { client } = newClient();
    client.connect();
    server.say('a');
    await clock.advance(1000);
    const before = client.getSnapshot();
    let calls = 0;
    client.subscribe(() => (calls += 1));
    await clock.advance(30_000); // a ping and its pong
    expect(calls).toBe(0);
    server.broadcast({ type: 'typing', data: { isTyping: true, who: 'agent' } });
    await clock.advance(100);
    expect(client.getSnapshot()).not.toBe(before);
    expect(client.getSnapshot().messages).toBe(before.messages);
  });
});
