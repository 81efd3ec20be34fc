import type { Case } from '../case.js';
import { check, checkEqual, skipped } from '../outcome.js';
import { beginV1, durables, ofType, openV1, roleIs, sayV1 } from './v1-kit.js';

/** Replies while they are being written, and a classic client beside a resumable one. */
export const v1ReplyCases: readonly Case[] = [
  {
    id: 'V35',
    profile: 'v1',
    section: '5.6',
    title: 'deltas are sent only to clients that want them',
    rule: '`delta` is sent only to clients whose `hello` wants it.',
    run: async (bench) => {
      const talk = await beginV1(bench, { want: [] });
      await sayV1(bench, talk, 'Hello');
      check(!talk.peer.frames.some(ofType('delta')), 'A delta came unasked');
    },
  },
  {
    id: 'V36',
    profile: 'v1',
    section: '5.6',
    title: 'deltas join up to a beginning of the reply, which replaces them',
    rule: 'The `message` with the same `replyId` replaces all deltas: it is the truth.',
    run: async (bench) => {
      const talk = await beginV1(bench, { want: ['delta'] });
      const answer = await sayV1(bench, talk, 'Hello');
      const deltas = talk.peer.frames.filter(ofType('delta'));
      if (deltas.length === 0) throw skipped('the assistant wrote its reply in one piece');
      let text = '';
      for (const { data } of deltas) {
        checkEqual(data['replyId'], answer.data['replyId'], 'The replyId');
        check(Number(data['offset']) <= text.length, 'A delta leaves a hole in the text');
        text = text.slice(0, Number(data['offset'])) + String(data['text']);
      }
      check(String(answer.data['message']).startsWith(text), 'The deltas are not a beginning of the message');
    },
  },
  {
    id: 'V37',
    profile: 'v1',
    section: '5.6',
    title: 'a reply that is announced as started comes to an end',
    rule: 'Every `reply` that was `started` is followed by `finished` or `aborted`, or by its `message`.',
    run: async (bench) => {
      const talk = await beginV1(bench, { want: ['delta'] });
      const answer = await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const phases = talk.peer.frames.filter(ofType('reply')).map(({ data }) => data);
      if (phases.length === 0) throw skipped('the server announced no reply');
      for (const { replyId, phase } of phases) {
        if (phase !== 'started') continue;
        const ended = phases.some((other) => other['replyId'] === replyId && other['phase'] !== 'started');
        check(ended || answer.data['replyId'] === replyId, 'A reply was started and never ended');
      }
    },
  },
  {
    id: 'V38',
    profile: 'v1',
    section: '5.6',
    title: 'ephemeral frames carry no position and are not replayed',
    rule: 'Frames without `position` are of the moment: they are never replayed.',
    run: async (bench) => {
      const talk = await beginV1(bench, { want: ['delta'] });
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const moment = ['typing', 'delta', 'reply', 'ack', 'pong'];
      for (const { type, position } of talk.peer.frames)
        check(!moment.includes(String(type)) || position === undefined, `A ${String(type)} frame has a position`);
      const again = await openV1(bench, talk.session, { want: ['delta'] });
      await bench.pause(300);
      for (const { type } of again.peer.frames)
        check(!['delta', 'reply', 'ack'].includes(String(type)), `A ${String(type)} frame was replayed`);
    },
  },
  {
    id: 'V39',
    profile: 'v1',
    section: '4.3',
    title: 'a classic connection of the same session gets answers, but no frames of the other profile',
    rule: 'L5. Text that is still being written is never sent.',
    run: async (bench) => {
      const talk = await beginV1(bench, { want: ['delta'] });
      const classic = await bench.connect(talk.session);
      const answer = await sayV1(bench, talk, 'Hello');
      const shown = await classic.next('The answer on the classic connection', ofType('message'));
      checkEqual(shown.data['message'], answer.data['message'], 'The answer');
      await bench.pause(500);
      checkEqual(classic.frames.filter(ofType('message')).length, 1, 'The number of messages');
      for (const { type } of classic.frames)
        check(['message', 'typing', 'status', 'error'].includes(String(type)), `A ${String(type)} frame was sent`);
      checkEqual(durables(talk.peer).filter(roleIs('agent')).length, 1, 'The number of answers');
    },
  },
];
