import { randomUUID } from 'node:crypto';
import type { Bench, Case, SessionInfo } from '../case.js';
import { readEventStream, type EventStream } from '../event-stream.js';
import { check, checkEqual, skipped } from '../outcome.js';
import type { AnyFrame } from '../peer.js';
import { TINY_PNG } from './classic-kit.js';
import {
  beginV1,
  checkSameFrames,
  durables,
  messageFrame,
  ofType,
  openV1,
  ownFrame,
  positionOf,
  sayV1,
  tokenOf,
} from './v1-kit.js';

type Answers = readonly ({ readonly type?: unknown; readonly data?: Record<string, unknown> } | undefined)[];

const authorization = (session: SessionInfo) => ({ Authorization: `Bearer ${tokenOf(session)}` });

const openStream = async (bench: Bench, session: SessionInfo, lastEventId?: string): Promise<EventStream> => {
  const headers = {
    ...authorization(session),
    Accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
  };
  const response = await bench.request(`/api/agent/session/${session.sessionId}/events`, { headers });
  if (response.status === 404 || response.status === 501) throw skipped('the server has no Server-Sent Events');
  checkEqual(response.status, 200, 'The status of the stream');
  check(response.headers.get('content-type')?.startsWith('text/event-stream'), 'It is not a stream of events');
  return readEventStream(response);
};

const postFrame = (bench: Bench, session: SessionInfo, frame: object): Promise<Response> =>
  bench.request(`/api/agent/session/${session.sessionId}/frames`, {
    method: 'POST',
    headers: { ...authorization(session), 'Content-Type': 'application/json' },
    body: JSON.stringify(frame),
  });

const durable = (stream: EventStream): readonly (AnyFrame & { readonly eventId: string | null })[] =>
  stream.frames.filter(({ type, position }) => position !== undefined && type !== 'welcome');

/** The same over HTTP: Server-Sent Events, tokens, uploads. */
export const v1HttpCases: readonly Case[] = [
  {
    id: 'V70',
    profile: 'v1',
    section: '8',
    title: 'Server-Sent Events give the same frames as the WebSocket',
    rule: 'The frames are the very same as over the WebSocket, one per event.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const stream = await openStream(bench, talk.session);
      await stream.until('welcome', (frames) => frames[0]?.type === 'welcome');
      const expected = durables(talk.peer);
      await stream.until('The replay', () => durable(stream).length >= expected.length);
      checkSameFrames(durable(stream), expected, 'the stream');
      const own = messageFrame('Once more');
      talk.peer.send(own);
      await stream.until('A live frame', (frames) => frames.some(({ data }) => data['clientId'] === own.id));
      stream.close();
    },
  },
  {
    id: 'V71',
    profile: 'v1',
    section: '8',
    title: 'Last-Event-ID resumes like hello',
    rule: 'Durable frames carry their position as the event’s `id`, and `Last-Event-ID` resumes from it like `hello`.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const frames = durables(talk.peer);
      const from = frames[1] ?? frames[0];
      const stream = await openStream(bench, talk.session, positionOf(from));
      await stream.until('welcome', ([first]) => first?.type === 'welcome');
      const expected = frames.slice(frames.indexOf(from as AnyFrame) + 1);
      await stream.until('The replay', () => durable(stream).length >= expected.length);
      checkSameFrames(durable(stream), expected, 'the stream');
      for (const { eventId, position } of durable(stream)) checkEqual(eventId, position, 'The id of an event');
      stream.close();
    },
  },
  {
    id: 'V72',
    profile: 'v1',
    section: '8',
    title: 'a message is posted over HTTP and acknowledged, once',
    rule: 'What a client says goes as one frame in the body of `POST /api/agent/session/:id/frames`, and the answer is a list of the frames that answer it directly: an `ack`, a page, an `error`, or none.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      const frame = messageFrame('Over HTTP');
      const first = await postFrame(bench, talk.session, frame);
      if (first.status === 404) throw skipped('the server takes no frames over HTTP');
      const [ack] = (await first.json()) as Answers;
      checkEqual([ack?.type, ack?.data?.['duplicate']], ['ack', false], 'The first answer');
      const own = await ownFrame(talk.peer, frame.id);
      checkEqual(ack?.data?.['position'], own.position, 'The position');
      const [again] = (await (await postFrame(bench, talk.session, frame)).json()) as Answers;
      checkEqual(again?.data, { position: own.position, duplicate: true }, 'The second answer');
    },
  },
  {
    id: 'V73',
    profile: 'v1',
    section: '8',
    title: 'the stream of events is refused without a good token',
    rule: 'A stream without a good token is refused with HTTP 401.',
    run: async (bench) => {
      const session = await bench.openSession();
      const path = `/api/agent/session/${session.sessionId}/events`;
      const response = await bench.request(path, { headers: { Authorization: 'Bearer wrong' } });
      if (response.status === 404) throw skipped('the server has no Server-Sent Events');
      checkEqual(response.status, 401, 'The status');
    },
  },
  {
    id: 'V74',
    profile: 'v1',
    section: '2.2',
    title: 'a token is refreshed, and the new one is good',
    rule: '`POST /api/agent/session/:id/token` with a good token gives a new one and its expiry.',
    run: async (bench) => {
      const session = await bench.openSession();
      const path = `/api/agent/session/${session.sessionId}/token`;
      const response = await bench.request(path, { method: 'POST', headers: authorization(session) });
      if (response.status === 404) throw skipped('the server refreshes no tokens');
      check(response.ok, `The status is ${response.status}`);
      const { token, expiresAt } = (await response.json()) as { token?: unknown; expiresAt?: unknown };
      check(typeof token === 'string', 'There is no token');
      check(Date.parse(String(expiresAt)) > Date.now(), 'expiresAt does not lie ahead');
      const { welcome } = await openV1(bench, session, { token });
      checkEqual(welcome.data['sessionId'], session.sessionId, 'The session');
    },
  },
  {
    id: 'V75',
    profile: 'v1',
    section: '2.2',
    title: 'the token of another session is refused',
    rule: 'The token of another session is refused with HTTP 403 `session_mismatch`.',
    run: async (bench) => {
      const [session, other] = [await bench.openSession(), await bench.openSession()];
      const path = `/api/agent/session/${session.sessionId}/token`;
      const response = await bench.request(path, { method: 'POST', headers: authorization(other) });
      if (response.status === 404) throw skipped('the server refreshes no tokens');
      checkEqual(response.status, 403, 'The status');
    },
  },
  {
    id: 'V76',
    profile: 'v1',
    section: '9',
    title: 'a file is uploaded, then named in a message, and stands in its frame',
    rule: 'A message names uploaded files as `{"uploadId":…}`, and its durable frame lists them in `media`.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      const response = await bench.request('/api/uploads', {
        method: 'POST',
        headers: { ...authorization(talk.session), 'Content-Type': 'image/png', 'X-File-Name': 'dot.png' },
        body: Buffer.from(TINY_PNG, 'base64'),
      });
      if (response.status === 404) throw skipped('the server takes no uploads');
      check(response.ok, `The upload was answered with ${response.status}: ${await response.clone().text()}`);
      const { uploadId } = (await response.json()) as { uploadId?: unknown };
      check(typeof uploadId === 'string', 'The answer has no uploadId');
      const frame = messageFrame('See the picture');
      talk.peer.send({ ...frame, data: { ...frame.data, media: [{ uploadId }] } });
      const own = await ownFrame(talk.peer, frame.id);
      const media = own.data['media'] as readonly Record<string, unknown>[] | undefined;
      checkEqual(media?.length, 1, 'The number of files');
      check(media?.[0]?.['type'] === 'image/png', 'The type of the file is not told');
    },
  },
  {
    id: 'V77',
    profile: 'v1',
    section: '9',
    title: 'a message that names an unknown upload is refused whole',
    rule: 'An `uploadId` that is not known to this session refuses the message, and nothing is recorded.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame('See the picture');
      peer.send({ ...frame, data: { ...frame.data, media: [{ uploadId: randomUUID() }] } });
      await peer.seek('An error', (answer) => answer.type === 'error' && answer.id === frame.id);
      await bench.pause(300);
      check(!peer.frames.some(ofType('ack')), 'The message was acknowledged');
      check(!durables(peer).some(({ data }) => data['clientId'] === frame.id), 'The message was recorded');
    },
  },
];
