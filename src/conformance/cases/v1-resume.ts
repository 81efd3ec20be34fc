import type { Case } from '../case.js';
import { checkEqual } from '../outcome.js';
import {
  ackOf,
  beginV1,
  checkChain,
  checkSameFrames,
  durables,
  messageFrame,
  openV1,
  ownFrame,
  positionOf,
  roleIs,
  sayV1,
} from './v1-kit.js';

/** Nothing lost, nothing twice, over any number of connections. */
export const v1ResumeCases: readonly Case[] = [
  {
    id: 'V40',
    profile: 'v1',
    section: '6.1',
    title: 'resuming from every position of a conversation gives exactly the frames after it',
    rule: 'A client that resumes from a position gets exactly the durable frames after it, in order, none twice.',
    limitMs: 40_000,
    run: async (bench) => {
      const talk = await beginV1(bench);
      for (const text of ['Hello', 'I need help', 'Thank you']) await sayV1(bench, talk, text);
      await bench.pause(300);
      const frames = durables(talk.peer);
      await talk.peer.close();
      for (const [index, frame] of frames.entries()) {
        const resumed = await openV1(bench, talk.session, { resume: positionOf(frame) });
        const expected = frames.slice(index + 1);
        checkEqual(resumed.welcome.data['recovered'], true, 'recovered');
        checkEqual(resumed.welcome.data['replay'], expected.length, 'replay');
        checkSameFrames(durables(resumed.peer), expected, `the replay after frame ${index + 1}`);
        checkChain(durables(resumed.peer), frame.position);
        await resumed.peer.close();
      }
    },
  },
  {
    id: 'V41',
    profile: 'v1',
    section: '6.1',
    title: 'the position in welcome is that of the last durable frame',
    rule: '`welcome` carries the position of the last durable frame, so that a client can resume before it has seen any.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const last = durables(talk.peer).at(-1);
      await talk.peer.close();
      const again = await openV1(bench, talk.session);
      checkEqual(again.welcome.position, last?.position, 'The position in welcome');
      await again.peer.close();
      const resumed = await openV1(bench, talk.session, { resume: positionOf(again.welcome) });
      checkEqual(resumed.welcome.data['replay'], 0, 'replay');
      checkEqual(resumed.welcome.data['recovered'], true, 'recovered');
    },
  },
  {
    id: 'V42',
    profile: 'v1',
    section: '6.1',
    title: 'without a position everything is replayed from the start',
    rule: 'Without a position, the whole conversation is replayed.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      const again = await openV1(bench, talk.session);
      checkChain(durables(again.peer), null);
      checkSameFrames(durables(again.peer), durables(talk.peer), 'the replay');
    },
  },
  {
    id: 'V43',
    profile: 'v1',
    section: '6.2',
    title: 'a position that this log never gave out is not recovered, and everything is replayed',
    rule: 'A position of another epoch, or one that was never given out, gives `recovered: false` and the conversation from its start, never a part of it.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      await sayV1(bench, talk, 'Hello');
      await bench.pause(300);
      for (const resume of ['another-epoch.17', 'ffffffffffff.0']) {
        const again = await openV1(bench, talk.session, { resume });
        checkEqual(again.welcome.data['recovered'], false, 'recovered');
        checkSameFrames(durables(again.peer), durables(talk.peer), 'the replay');
        await again.peer.close();
      }
    },
  },
  {
    id: 'V44',
    profile: 'v1',
    section: '6.1',
    title: 'what happens while a client is away is there when it comes back',
    rule: 'A client that resumes from a position gets exactly the durable frames after it, in order, none twice.',
    run: async (bench) => {
      const away = await beginV1(bench);
      const position = positionOf(away.welcome);
      await away.peer.close();
      const other = await openV1(bench, away.session);
      await sayV1(bench, other, 'Said while the first connection was away');
      await bench.pause(300);
      const back = await openV1(bench, away.session, { resume: position });
      checkChain(durables(back.peer), position);
      checkSameFrames(
        durables(back.peer),
        durables(other.peer).filter(({ raw }) => !away.peer.frames.some((seen) => seen.position === raw['position'])),
        'the replay',
      );
    },
  },
  {
    id: 'V45',
    profile: 'v1',
    section: '6.3',
    title: 'frames that are made during a replay come after it, without a gap or a repeat',
    rule: 'Replay and live frames join without a gap and without a repeat, whatever happens during the replay.',
    limitMs: 30_000,
    run: async (bench) => {
      const talk = await beginV1(bench);
      const start = positionOf(talk.welcome);
      for (const round of [1, 2, 3]) {
        const frame = messageFrame(`Round ${round}`);
        talk.peer.send(frame);
        const joining = await openV1(bench, talk.session, { resume: start });
        await ackOf(talk.peer, frame.id);
        const answers = (): number => durables(joining.peer).filter(roleIs('agent')).length;
        await joining.peer.seek('The answer', () => answers() >= round, bench.replyMs);
        checkChain(durables(joining.peer), start);
        await joining.peer.close();
      }
    },
  },
  {
    id: 'V46',
    profile: 'v1',
    section: '6.3',
    title: 'a message whose connection is cut at once is recorded once when it is sent again',
    rule: 'A client that has no `ack` sends the message again with the same `id` after `welcome`.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      const frame = messageFrame('Cut off');
      talk.peer.send(frame);
      talk.peer.terminate();
      const again = await openV1(bench, talk.session, { resume: positionOf(talk.welcome) });
      again.peer.send(frame);
      await ackOf(again.peer, frame.id);
      await ownFrame(again.peer, frame.id);
      await bench.pause(500);
      const own = durables(again.peer).filter(({ data }) => data['clientId'] === frame.id);
      checkEqual(own.length, 1, 'The number of its frames');
    },
  },
];
