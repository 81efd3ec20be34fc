import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eraseSubject } from '../../src/commands/erasure/erase-subject.js';
import { complaintStream, sessionStream, type AnyRecorded } from '../../src/events/catalogue/index.js';
import { ERASED } from '../../src/events/personal.js';
import { systemClock } from '../../src/platform/clock.js';
import { connectClassic, openSession, type ClassicClient } from '../transport/support/classic-client.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';
import { connectV1 } from '../transport/support/v1-client.js';
import { openDesk, type Desk } from './support/office-desk.js';

const QUESTION = 'On which day did you pay the Canary toll?';
const ANSWER = 'I paid it on Monday the third, at the Canary counter';
const asks = { type: 'MoveCase', to: 'info_requested', question: QUESTION } as const;

let server: TestServer;
let desk: Desk;
beforeAll(async () => {
  server = await startTestServer({ RATE_LIMITS: 'off' });
  desk = await openDesk(server);
});
afterAll(async () => {
  await desk.close();
  await server.drop();
});

const until = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 60_000, interval: 30 });

/** A citizen who filed by chat, and whose case the office has begun to check. */
const fileByChat = async () => {
  const session = await openSession(server.url);
  const client = await connectClassic(server.url, session.sessionId);
  await client.say('The land office has kept my papers for three years and asks for money each time.');
  await client.say('submit');
  const { message, trackingNumber } = (await client.say('yes')).data;
  if (trackingNumber === undefined) throw new Error('Nothing was filed');
  const accessKey = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}(?!-)/.exec(message.replaceAll(/OMB-[\w-]+/g, ''))?.[0] ?? '';
  await until(() => desk.act(trackingNumber, { type: 'MoveCase', to: 'screening' }));
  expect((await client.nextMessage()).data.message).toContain('Being checked');
  return { session, client, trackingNumber, accessKey };
};

const showsState = (trackingNumber: string, state: string): Promise<void> =>
  until(async () => expect(await desk.act(trackingNumber)).toMatch(new RegExp(`^state +${state}$`, 'm')));
const eventsOf = async (stream: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of desk.storage.log.readStream(stream)) events.push(event);
  return events;
};
const complaintOf = async (sessionId: string): Promise<string> => {
  const filed = (await eventsOf(sessionStream(sessionId))).find(({ type }) => type === 'ComplaintSubmitted');
  return filed?.type === 'ComplaintSubmitted' ? filed.data.complaintId : '';
};
const answersIn = async (complaintId: string): Promise<string[]> =>
  (await eventsOf(complaintStream(complaintId))).flatMap((event) =>
    event.type === 'CitizenAnswered' ? [event.data.text] : [],
  );
/** Stored payloads of a type in a stream, as they stand in the log. */
const storedIn = async (stream: string, type: string): Promise<string[]> => {
  const payloads: string[] = [];
  for await (const event of desk.storage.store.readStream(stream))
    if (event.type === type) payloads.push(event.payload);
  return payloads;
};
const track = (number: string, path = '', init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/api/track/${number}${path}`, init);
const postTo = (number: string, path: string, key: string, body: unknown): Promise<Response> =>
  track(number, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-access-key': key },
    body: JSON.stringify(body),
  });
const answers = async (client: ClassicClient): Promise<string> => {
  expect((await client.say(ANSWER)).data.message).toContain('Is this your answer to the office?');
  return (await client.say('yes')).data.message;
};

describe('a question of the office', () => {
  it('appears live in the conversation, in both profiles, and is there for who comes back later', async () => {
    const { session, client, trackingNumber } = await fileByChat();
    const other = await connectV1(server.url, session.token);
    await desk.act(trackingNumber, asks);
    const shown = (await client.nextMessage()).data;
    expect(shown).toMatchObject({ role: 'officer' });
    expect(shown.message).toContain(QUESTION);
    expect(shown.message).toContain('answer right here');
    const frame = await other.next('message', ({ data }) => data.role === 'officer');
    expect(frame.data.message).toContain(QUESTION);
    await Promise.all([client.close(), other.close()]);
    const later = await connectV1(server.url, session.token);
    const again = await later.next('message', ({ data }) => data.role === 'officer');
    expect(again.data.message).toBe(frame.data.message);
    await later.close();
  });

  it('is answered in the chat, and the case moves back to where it was', async () => {
    const { session, client, trackingNumber } = await fileByChat();
    await desk.act(trackingNumber, asks);
    await client.nextMessage();
    expect(await answers(client)).toContain('passed your answer on');
    await showsState(trackingNumber, 'screening');
    const complaintId = await complaintOf(session.sessionId);
    expect(await answersIn(complaintId)).toEqual([ANSWER]);
    expect((await client.nextMessage()).data.message).toContain('Being checked');
    await client.close();
  });

  it('is never shown to the number alone, and is with the key', async () => {
    const { client, trackingNumber, accessKey } = await fileByChat();
    await desk.act(trackingNumber, asks);
    await until(async () => {
      const text = await (await track(trackingNumber)).text();
      expect(text).toContain('We need something from you');
      expect(text).toContain('access key');
      expect(text).not.toContain('Canary');
    });
    const own = await track(trackingNumber, '', { headers: { 'x-access-key': accessKey } });
    expect(await own.json()).toMatchObject({ question: QUESTION });
    await client.close();
  });

  it('is answered from another conversation with number and key, sealed for the owner', async () => {
    const owner = await fileByChat();
    await desk.act(owner.trackingNumber, asks);
    await until(async () =>
      expect(await (await track(owner.trackingNumber)).json()).toMatchObject({ citizenMustAct: true }),
    );
    const session = await openSession(server.url);
    const client = await connectClassic(server.url, session.sessionId);
    await client.say(`${owner.trackingNumber} ${owner.accessKey}`);
    const shown = (await client.nextMessage()).data;
    expect(shown).toMatchObject({ role: 'officer' });
    expect(shown.message).toContain(QUESTION);
    expect(await answers(client)).toContain('passed your answer on');
    await showsState(owner.trackingNumber, 'screening');
    const replies = (await eventsOf(sessionStream(session.sessionId))).flatMap((event) =>
      event.type === 'AgentReplied' ? [event.data.text] : [],
    );
    expect(replies.join()).not.toContain('Canary');
    const complaintId = await complaintOf(owner.session.sessionId);
    expect(await answersIn(complaintId)).toEqual([ANSWER]);
    const mark = `sealed:v1:content:${owner.session.sessionId}:`;
    expect((await storedIn(complaintStream(complaintId), 'CitizenAnswered'))[0]).toContain(mark);
    expect((await storedIn(sessionStream(session.sessionId), 'CaseUpdateReceived'))[0]).toContain(mark);
    await Promise.all([owner.client.close(), client.close()]);
  });

  it('is answered over HTTP with the key, once, and with no other key', async () => {
    const { session, client, trackingNumber, accessKey } = await fileByChat();
    await desk.act(trackingNumber, asks);
    await client.nextMessage();
    for (const [key, body] of [
      ['AAAA-AAAA-AAAA-AAAA', { text: ANSWER }],
      ['', { text: ANSWER }],
    ] as const) {
      const refused = await postTo(trackingNumber, '/answer', key, body);
      expect([refused.status, await refused.json()]).toMatchObject([404, { code: 'tracking_unknown' }]);
    }
    expect((await postTo(trackingNumber, '/answer', accessKey, { text: ' ' })).status).toBe(400);
    expect((await postTo(trackingNumber, '/answer', accessKey, {})).status).toBe(400);
    const body = { text: ANSWER, id: 'answer-1' };
    const first = await postTo(trackingNumber, '/answer', accessKey, body);
    const recorded = { status: 'screening', citizenMustAct: false, recordedAs: 'answer' };
    expect([first.status, await first.json()]).toMatchObject([200, recorded]);
    const again = await postTo(trackingNumber, '/answer', accessKey, body);
    expect([again.status, await again.json()]).toMatchObject([200, recorded]);
    expect(await answersIn(await complaintOf(session.sessionId))).toEqual([ANSWER]);
    await client.say('talk to a person');
    await until(async () => {
      const { transcript } = (await (
        await track(trackingNumber, '', { headers: { 'x-access-key': accessKey } })
      ).json()) as {
        transcript: { role: string; text: string }[];
      };
      expect(transcript.filter(({ text }) => text === ANSWER)).toMatchObject([{ role: 'citizen' }]);
      expect(transcript.map(({ text }) => text)).toContain('talk to a person');
      expect(transcript.map(({ text }) => text)).not.toContain('');
    });
    await client.close();
  });

  it('that was not asked is answered all the same over HTTP, and said to be an addition', async () => {
    const { client, trackingNumber, accessKey } = await fileByChat();
    const more = { text: 'The guard saw it too', id: 'more-1' };
    for (const body of [more, more]) {
      const added = await postTo(trackingNumber, '/answer', accessKey, body);
      expect([added.status, await added.json()]).toMatchObject([200, { status: 'screening', recordedAs: 'addition' }]);
    }
    await client.close();
  });

  it('and its answer are forgotten with the owner, in every conversation', async () => {
    const owner = await fileByChat();
    await desk.act(owner.trackingNumber, asks);
    await owner.client.nextMessage();
    const session = await openSession(server.url);
    const client = await connectClassic(server.url, session.sessionId);
    await until(async () =>
      expect(await (await track(owner.trackingNumber)).json()).toMatchObject({ citizenMustAct: true }),
    );
    await client.say(`${owner.trackingNumber} ${owner.accessKey}`);
    await client.nextMessage();
    await answers(client);
    await showsState(owner.trackingNumber, 'screening');
    const { sessionId } = owner.session;
    const complaintId = await complaintOf(sessionId);
    const { log, keys } = desk.storage;
    const erasure = { subject: sessionId, classes: ['content'], reason: 'citizen_request' } as const;
    const forgetFiles = () => Promise.resolve(0);
    await eraseSubject({ log, keys, forgetFiles, clock: systemClock }, { ...erasure, actor: { kind: 'system' } });
    const texts = (await eventsOf(complaintStream(complaintId))).flatMap((event) =>
      event.type === 'CitizenAnswered' ? [event.data.text] : event.type === 'CitizenAsked' ? [event.data.question] : [],
    );
    expect(texts).toEqual([ERASED, ERASED]);
    for (const id of [sessionId, session.sessionId]) {
      const updates = (await eventsOf(sessionStream(id))).flatMap((event) =>
        event.type === 'CaseUpdateReceived' ? [event.data.text] : [],
      );
      expect(new Set(updates)).toEqual(new Set([ERASED]));
    }
    await until(async () => expect((await track(owner.trackingNumber)).status).toBe(404));
    await Promise.all([owner.client.close(), client.close()]);
  });
});

describe('a filed complaint', () => {
  it('is withdrawn in the chat with a yes', async () => {
    const { client, trackingNumber } = await fileByChat();
    expect((await client.say('withdraw my complaint')).data.message).toContain('really want to withdraw');
    await client.say('yes');
    await showsState(trackingNumber, 'withdrawn');
    expect((await client.nextMessage()).data.message).toContain('Withdrawn');
    await client.close();
  });

  it('is withdrawn, or its closure disputed, over HTTP with the key', async () => {
    const first = await fileByChat();
    expect((await postTo(first.trackingNumber, '/withdraw', 'AAAA-AAAA-AAAA-AAAA', {})).status).toBe(404);
    expect((await postTo(first.trackingNumber, '/dispute', first.accessKey, { text: 'No' })).status).toBe(409);
    const withdrawn = await postTo(first.trackingNumber, '/withdraw', first.accessKey, {});
    expect(await withdrawn.json()).toMatchObject({ status: 'withdrawn', recordedAs: 'withdrawal' });
    const second = await fileByChat();
    await desk.act(second.trackingNumber, { type: 'MoveCase', to: 'not_admissible', note: 'It is before a court.' });
    expect((await second.client.nextMessage()).data.message).toContain('It is before a court.');
    const disputed = await postTo(second.trackingNumber, '/dispute', second.accessKey, { text: 'It is not.' });
    expect(await disputed.json()).toMatchObject({ status: 'reopened', recordedAs: 'dispute' });
    await Promise.all([first.client.close(), second.client.close()]);
  });

  it('whose closure the citizen does not agree with is opened again by chat', async () => {
    const { client, trackingNumber } = await fileByChat();
    await desk.act(trackingNumber, { type: 'MoveCase', to: 'not_admissible', note: 'It is before a court.' });
    await client.nextMessage();
    await client.say('I do not agree');
    await client.say('It was never before any court');
    await client.say('yes');
    await showsState(trackingNumber, 'reopened');
    await client.close();
  });
});
