import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';
import { connectV1, type Durable, type V1Client } from './support/v1-client.js';

// A citizen on a bad network: sockets are cut at any moment, messages are sent again until they are acknowledged, and two
// processes serve in turn. The record must hold every message once, in order, and the citizen must have all of it, once.

let server: TestServer;
let other: { readonly url: string };
beforeAll(async () => {
  server = await startTestServer({
    SESSIONS_PER_IP_PER_MINUTE: '1000',
    SOCKETS_PER_SESSION: '1000',
    SOCKETS_PER_IP: '1000',
    MESSAGE_BURST: '1000',
    MAX_PENDING_TURNS: '1000',
  });
  other = await server.startBeside();
});
afterAll(() => server.drop());

/** What a client keeps: frames by position, in the order of their chain. */
const createTranscript = () => {
  const frames: Durable[] = [];
  return {
    frames,
    position: (): string | null => frames.at(-1)?.position ?? null,
    take: (fresh: readonly Durable[]): void => {
      for (const frame of fresh) {
        if (frames.some(({ position }) => position === frame.position)) continue;
        expect(frame.prev).toBe(frames.at(-1)?.position ?? null);
        frames.push(frame);
      }
    },
  };
};

/** What can happen between sending and being sure: the cut comes so many frames after the message went out. */
const cutAfter = fc.integer({ min: 0, max: 6 });

const waitForFrames = async (client: V1Client, count: number): Promise<void> => {
  const have = client.frames.length;
  const deadline = performance.now() + 300; // Fewer may come: then the cut comes late, which is a case too.
  while (client.frames.length < have + count && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 2));
};

const converse = async (cuts: readonly { readonly after: number; readonly elsewhere: boolean }[]) => {
  const session = await openSession(server.url);
  const transcript = createTranscript();
  const ids: string[] = [];
  for (const [n, { after, elsewhere }] of cuts.entries()) {
    const id = `c-${n}`;
    ids.push(id);
    const first = await connectV1(elsewhere ? other.url : server.url, session.token, transcript.position());
    first.send({ type: 'message', id, data: { message: `message ${n}` } });
    await waitForFrames(first, after);
    first.socket.terminate();
    await first.closed;
    transcript.take(first.durable());
    const second = await connectV1(elsewhere ? server.url : other.url, session.token, transcript.position());
    expect(second.welcome.data.recovered).toBe(true);
    expect(await second.post(id, `message ${n}`)).toMatchObject({ type: 'ack' });
    await second.close();
    transcript.take(second.durable());
  }
  const last = await connectV1(server.url, session.token, transcript.position());
  const isAnswered = (): boolean =>
    [...transcript.frames, ...last.durable()].filter(({ data }) => 'role' in data && data.role === 'agent').length >=
    ids.length;
  while (!isAnswered()) await last.next('message');
  await last.close();
  transcript.take(last.durable());
  return { session, ids, transcript };
};

describe('whatever happens to the connection', () => {
  it('every message is recorded once, in order, and answered once; the client has every frame once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ after: cutAfter, elsewhere: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        async (cuts) => {
          const { session, ids, transcript } = await converse(cuts);
          const messages = transcript.frames.flatMap((frame) => (frame.type === 'message' ? [frame.data] : []));
          expect(messages.filter(({ role }) => role === 'citizen').map(({ clientId }) => clientId)).toEqual(ids);
          const answers = messages.filter(({ role }) => role === 'agent').map(({ inReplyTo }) => inReplyTo);
          expect(answers).toEqual(ids);
          // What was put together from pieces is what a fresh client gets at once, from the other process too.
          const fresh = await connectV1(other.url, session.token);
          while (fresh.durable().length < fresh.welcome.data.replay) await fresh.next('message');
          expect(fresh.durable()).toEqual(transcript.frames);
          await fresh.close();
        },
      ),
      { seed: 20_261_124, numRuns: 12 },
    );
  });
});

describe('two processes on one log', () => {
  it('show what happens at one to the clients of the other, and take a retry at the other for what it is', async () => {
    const session = await openSession(server.url);
    const here = await connectV1(server.url, session.token);
    const there = await connectV1(other.url, session.token);
    const ack = await here.post('c-1', 'Hello');
    const seen = await there.next('message', ({ data }) => data.role === 'citizen');
    expect(seen.data).toMatchObject({ clientId: 'c-1', message: 'Hello' });
    expect(await there.post('c-1', 'Hello')).toEqual({ ...ack, data: { ...ack.data, duplicate: true } });
    const [a, b] = await Promise.all(
      [here, there].map((one) => one.next('message', ({ data }) => data.role === 'agent')),
    );
    expect(a).toEqual(b);
    await Promise.all([here.close(), there.close()]);
  });

  it('record a message once that is sent to both at the same time', async () => {
    const session = await openSession(server.url);
    const clients = [await connectV1(server.url, session.token), await connectV1(other.url, session.token)];
    const answers = await Promise.all(clients.map((client) => client.post('c-1', 'Hello')));
    const [one, two] = answers;
    expect(one?.type === 'ack' && two?.type === 'ack' && one.data.position === two.data.position).toBe(true);
    expect(answers.map((answer) => answer.type === 'ack' && answer.data.duplicate).sort()).toEqual([false, true]);
    await Promise.all(clients.map((client) => client.close()));
  });
});
