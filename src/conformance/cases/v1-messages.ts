import type { Case } from '../case.js';
import { check, checkEqual } from '../outcome.js';
import {
  ackOf,
  beginV1,
  checkChain,
  checkSameFrames,
  checkV1Shape,
  durables,
  messageFrame,
  openV1,
  ownFrame,
  positionOf,
  roleIs,
  sayV1,
} from './v1-kit.js';

const countOf = (frames: readonly { readonly data: Readonly<Record<string, unknown>> }[], id: string): number =>
  frames.filter(({ data }) => data['clientId'] === id).length;

/** Exactly once, in both directions, while connected. */
export const v1MessageCases: readonly Case[] = [
  {
    id: 'V20',
    profile: 'v1',
    section: '5.5',
    title: 'a message is acknowledged with the position of its durable frame',
    rule: '`ack` comes after the message is durable, and names the position of its frame.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame('Hello');
      peer.send(frame);
      const ack = await ackOf(peer, frame.id);
      checkV1Shape(ack);
      checkEqual(ack.data['duplicate'], false, 'duplicate');
      const own = await ownFrame(peer, frame.id);
      checkEqual(ack.data['position'], own.position, 'The position in the ack');
      checkEqual(own.data['message'], 'Hello', 'The text');
    },
  },
  {
    id: 'V21',
    profile: 'v1',
    section: '7.1',
    title: 'the same id again is acknowledged as a duplicate, with the same position',
    rule: 'A message whose `id` the session has seen is not recorded again; its `ack` says `duplicate: true` and names the first position.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame('Hello');
      peer.send(frame);
      const first = await ackOf(peer, frame.id);
      peer.send(frame);
      const second = await peer.seek(
        'The second ack',
        (other) => other.type === 'ack' && other.id === frame.id && other !== first,
      );
      checkEqual(second.data, { position: first.data['position'], duplicate: true }, 'The second ack');
    },
  },
  {
    id: 'V22',
    profile: 'v1',
    section: '7.1',
    title: 'the same id is a duplicate on another connection too',
    rule: 'This holds on every connection of the session, at once or days later, at every process of the service.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      const frame = messageFrame('Hello');
      talk.peer.send(frame);
      const first = await ackOf(talk.peer, frame.id);
      await talk.peer.close();
      const { peer } = await openV1(bench, talk.session);
      peer.send(frame);
      const second = await ackOf(peer, frame.id);
      checkEqual(second.data, { position: first.data['position'], duplicate: true }, 'The ack');
    },
  },
  {
    id: 'V23',
    profile: 'v1',
    section: '7.1',
    title: 'the same id on two connections at the same time is recorded once',
    rule: 'This holds on every connection of the session, at once or days later, at every process of the service.',
    run: async (bench) => {
      const one = await beginV1(bench);
      const other = await openV1(bench, one.session);
      const frame = messageFrame('Hello');
      one.peer.send(frame);
      other.peer.send(frame);
      const acks = await Promise.all([ackOf(one.peer, frame.id), ackOf(other.peer, frame.id)]);
      checkEqual(acks[0].data['position'], acks[1].data['position'], 'The position');
      checkEqual(acks.filter(({ data }) => data['duplicate'] === true).length, 1, 'The number of duplicates');
      await ownFrame(one.peer, frame.id);
      await bench.pause(500);
      checkEqual(countOf(durables(one.peer), frame.id), 1, 'The number of its frames');
    },
  },
  {
    id: 'V24',
    profile: 'v1',
    section: '5.2',
    title: 'durable frames are chained by prev without a break, from the first one',
    rule: 'Each durable frame carries the position of the one before it as `prev`; the first of a conversation has `prev: null`.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      for (const text of ['Hello', 'I need help', 'Thank you']) await sayV1(bench, talk, text);
      const frames = durables(talk.peer);
      checkChain(frames, null);
      checkEqual(new Set(frames.map(positionOf)).size, frames.length, 'The number of different positions');
      for (const frame of talk.peer.frames) checkV1Shape(frame);
    },
  },
  {
    id: 'V25',
    profile: 'v1',
    section: '7.2',
    title: 'two connections of one session both get every durable frame',
    rule: 'Every connection of a session gets every durable frame, its own messages included.',
    run: async (bench) => {
      const one = await beginV1(bench);
      const other = await openV1(bench, one.session);
      await sayV1(bench, one, 'Hello from the first tab');
      await sayV1(bench, other, 'Hello from the second tab');
      const last = durables(other.peer).filter(roleIs('agent')).at(-1);
      await one.peer.seek('The answer to the other tab', ({ position }) => position === last?.position);
      await bench.pause(300);
      checkSameFrames(durables(one.peer), durables(other.peer), 'the first tab');
    },
  },
  {
    id: 'V26',
    profile: 'v1',
    section: '5.5',
    title: 'an answer names its message and comes after it',
    rule: 'An answer carries `inReplyTo`, the id of the message that it answers, and comes after that message.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame('Hello');
      peer.send(frame);
      const answer = await peer.next(
        'The answer',
        (other) => roleIs('agent')(other) && other.data['inReplyTo'] === frame.id,
        bench.replyMs,
      );
      const own = await ownFrame(peer, frame.id);
      const frames = durables(peer);
      check(frames.indexOf(own) < frames.indexOf(answer), 'The answer came before the message');
    },
  },
  {
    id: 'V27',
    profile: 'v1',
    section: '5.5',
    title: 'messages are recorded in the order in which they were sent',
    rule: 'Messages of one connection are recorded in the order in which they were sent.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frames = ['one', 'two', 'three'].map((text) => messageFrame(text));
      for (const frame of frames) peer.send(frame);
      const last = frames[2];
      check(last, 'There is no last frame');
      await ownFrame(peer, last.id);
      const texts = durables(peer)
        .filter(roleIs('citizen'))
        .map(({ data }) => data['message']);
      checkEqual(texts, ['one', 'two', 'three'], 'The order');
    },
  },
];
