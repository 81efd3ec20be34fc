import { randomUUID } from 'node:crypto';
import type { Case } from '../case.js';
import { check, checkEqual } from '../outcome.js';
import { beginV1, checkAlive, checkV1Shape, durables, ofType, positionOf } from './v1-kit.js';

/** Frames that change nothing in the conversation. */
export const v1SmallFrameCases: readonly Case[] = [
  {
    id: 'V28',
    profile: 'v1',
    section: '5.5',
    title: 'ping is answered with pong, with its t',
    rule: '`ping` is answered with `pong`, which repeats `t` and tells the server’s time.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'ping', data: { t: 42 } });
      const pong = await peer.next('pong', ofType('pong'));
      checkV1Shape(pong);
      checkEqual(pong.data['t'], 42, 't');
      check(
        Math.abs(Date.parse(String(pong.data['serverTime'])) - Date.now()) < 86_400_000,
        'serverTime is not a time',
      );
    },
  },
  {
    id: 'V29',
    profile: 'v1',
    section: '5.4',
    title: 'typing and read are taken in silence',
    rule: '`typing` and a good `read` are not answered.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const [first] = durables(peer);
      peer.send({ type: 'typing', data: { isTyping: true } });
      if (first !== undefined) peer.send({ type: 'read', data: { position: positionOf(first) } });
      await checkAlive(peer);
      check(!peer.frames.some(ofType('error')), 'There was an error');
    },
  },
  {
    id: 'V30',
    profile: 'v1',
    section: '5.4',
    title: 'bye closes the connection with 1000',
    rule: '`bye` is answered by closing with 1000.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'bye' });
      checkEqual((await peer.closed()).code, 1000, 'The close code');
    },
  },
  {
    id: 'V31',
    profile: 'v1',
    section: '5.4',
    title: 'cancelling a reply that is not being written is refused with conflict',
    rule: 'A `cancel` for a reply that is not being written is answered with `conflict`.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      for (const [id, replyId] of Object.entries({ 'stop-1': randomUUID(), 'stop-2': 'nope' })) {
        peer.send({ type: 'cancel', id, data: { replyId } });
        const error = await peer.seek('The error', (frame) => frame.type === 'error' && frame.id === id);
        checkEqual(error.data['code'], 'conflict', 'The code');
      }
    },
  },
];
