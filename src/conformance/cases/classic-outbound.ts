import type { Case } from '../case.js';
import { check, checkEqual, skipped } from '../outcome.js';
import {
  checkClassicShape,
  checkCode,
  documented,
  isMessage,
  nextError,
  nextReply,
  openTalk,
  say,
} from './classic-kit.js';

/** Longer than the silence of rule L4, so that a frame that breaks it is seen. */
const OBSERVE_MS = 700;
const marker = 'kumquat-4711';

const hasKey = (raw: object, ...keys: readonly string[]): boolean => keys.some((key) => Object.hasOwn(raw, key));

const complaint =
  'The police at the checkpoint on the Lumley road took fifty thousand Leones from me last week and gave me no receipt.';

/** What a classic client is sent (rules L2 to L6). */
export const classicOutboundCases: readonly Case[] = [
  {
    id: 'C30',
    profile: 'classic',
    section: '4.3',
    title: 'only the four documented types are sent, in their documented shape',
    rule: 'L2. Only frames of the four types are sent, with the documented fields and additional ones.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, 'Hello');
      talk.peer.send(documented(talk.session.sessionId, ''));
      await nextError(talk.peer);
      await bench.pause(OBSERVE_MS);
      for (const frame of talk.peer.frames) checkClassicShape(frame);
    },
  },
  {
    id: 'C31',
    profile: 'classic',
    section: '4.3',
    title: 'the citizen’s own words are not echoed',
    rule: 'The citizen’s own words are never echoed, and history is never replayed.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, marker);
      await bench.pause(OBSERVE_MS);
      const echoed = talk.peer.frames.filter((frame) => isMessage(frame) && frame.data['message'] === marker);
      checkEqual(echoed.length, 0, 'The number of echoes');
    },
  },
  {
    id: 'C32',
    profile: 'classic',
    section: '4.3',
    title: 'after a reconnect nothing is said again',
    rule: 'After a reconnect only messages are sent that were made while the session had no open connection.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, 'Hello');
      await bench.pause(OBSERVE_MS);
      await talk.peer.close();
      const again = await bench.connect(talk.session);
      await bench.pause(OBSERVE_MS);
      checkEqual(again.frames.filter(isMessage).length, 0, 'The number of messages after the reconnect');
    },
  },
  {
    id: 'C33',
    profile: 'classic',
    section: '4.3',
    title: 'an answer that was made while no connection was open is delivered, once',
    rule: 'After a reconnect only messages are sent that were made while the session had no open connection.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      talk.peer.send(documented(talk.session.sessionId, 'Hello'));
      await talk.peer.close();
      const early = talk.peer.frames.some(isMessage);
      const again = await bench.connect(talk.session);
      if (early) throw skipped('the answer was there before the connection had closed');
      await nextReply(bench, again);
      await bench.pause(OBSERVE_MS);
      checkEqual(again.frames.filter(isMessage).length, 1, 'The number of messages after the reconnect');
    },
  },
  {
    id: 'C34',
    profile: 'classic',
    section: '4.3',
    title: 'no frame has a top-level delta or done',
    rule: 'L3. No frame has a top-level `delta` or `done`, and only `error` frames have a top-level `error`, with the same text as `data.error`.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, 'Hello');
      talk.peer.send(documented(talk.session.sessionId, ''));
      await nextError(talk.peer);
      for (const { raw } of talk.peer.frames) check(!hasKey(raw, 'delta', 'done'), 'A frame has delta or done');
    },
  },
  {
    id: 'C35',
    profile: 'classic',
    section: '4.3',
    title: 'a top-level error stands on error frames, and only there',
    rule: 'L3. No frame has a top-level `delta` or `done`, and only `error` frames have a top-level `error`, with the same text as `data.error`.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, 'Hello');
      talk.peer.send(documented(talk.session.sessionId, ''));
      const error = await nextError(talk.peer);
      checkCode(error, 'message_empty');
      check(typeof error.error === 'string' && error.error !== '', 'The error frame has no top-level error text');
      checkEqual(error.error, error.data['error'], 'The top-level error');
      for (const { type, raw } of talk.peer.frames)
        check(type === 'error' || !hasKey(raw, 'error'), `A frame of type ${String(type)} has a top-level error`);
    },
  },
  {
    id: 'C36',
    profile: 'classic',
    section: '4.3',
    title: 'the message comes last, after typing has ended, and silence follows',
    rule: 'L4. `typing` begins and ends before the `message`, which comes last and carries `state`; then nothing follows for at least 250 ms.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      for (const text of ['Hello', 'What can you do for me?']) {
        const message = await say(bench, talk, text);
        check(typeof message.data['state'] === 'string', 'The message carries no state');
        await bench.pause(OBSERVE_MS);
        const last = talk.peer.frames.at(-1);
        check(last === message, `A frame of type ${String(last?.type)} came after the message`);
        const typing = talk.peer.frames.filter(({ type }) => type === 'typing').at(-1);
        check(typing === undefined || typing.data['isTyping'] === false, 'Typing had not ended before the message');
      }
    },
  },
  {
    id: 'C37',
    profile: 'classic',
    section: '4.3',
    title: 'two connections of one session both get the answer',
    rule: 'Every connection of a session is sent every answer, whichever of them asked.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      const second = await bench.connect(talk.session);
      await bench.pause(200);
      const [one, other] = await Promise.all([say(bench, talk, 'Hello'), nextReply(bench, second)]);
      checkEqual(one.data['message'], other.data['message'], 'The answer on the second connection');
    },
  },
  {
    id: 'C38',
    profile: 'classic',
    section: '4.3',
    title: 'the same message with the same id is recorded once',
    rule: 'A message that carries the `id` of an earlier one is the same message: it is recorded and answered once.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      const frame = { id: 'once-1', ...documented(talk.session.sessionId, 'Hello') };
      talk.peer.send(frame);
      talk.peer.send(frame);
      await nextReply(bench, talk.peer);
      await bench.pause(1500);
      checkEqual(talk.peer.frames.filter(isMessage).length, 1, 'The number of answers');
    },
  },
  {
    id: 'C39',
    profile: 'classic',
    section: '4.3',
    title: 'a filed complaint ends in the state completed, with its tracking number',
    rule: 'L6. The state of a filed complaint is exactly `completed`, beside its `trackingNumber`.',
    limitMs: 30_000,
    run: async (bench) => {
      const talk = await openTalk(bench);
      await say(bench, talk, complaint);
      await say(bench, talk, 'submit');
      const { data } = await say(bench, talk, 'yes');
      if (data['trackingNumber'] === undefined)
        throw skipped('this server’s assistant does not file a complaint on "submit" and "yes"');
      checkEqual(data['state'], 'completed', 'The state');
    },
  },
];
