import type { Case } from '../case.js';
import { check, checkEqual } from '../outcome.js';
import type { AnyFrame } from '../peer.js';
import {
  beginV1,
  checkErrorCode,
  checkSameFrames,
  durables,
  errorOf,
  ofType,
  positionOf,
  sayV1,
  type V1Talk,
} from './v1-kit.js';

const askHistory = async ({ peer }: V1Talk, id: string, data: object): Promise<AnyFrame> => {
  peer.send({ type: 'history', id, data });
  return peer.seek('history', (frame) => frame.type === 'history' && frame.id === id);
};

const itemsOf = ({ data }: AnyFrame): readonly AnyFrame[] =>
  (data['items'] as readonly Record<string, unknown>[]).map(
    (raw) => ({ ...raw, data: raw['data'], raw, cameAt: 0 }) as AnyFrame,
  );

/** Reading back. */
export const v1HistoryCases: readonly Case[] = [
  {
    id: 'V47',
    profile: 'v1',
    section: '6.4',
    title: 'history gives all frames page by page, oldest first, and says when it is complete',
    rule: '`history` gives the durable frames before a position, oldest first, and says in `complete` whether any lie before them.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      for (const text of ['Hello', 'I need help']) await sayV1(bench, talk, text);
      await bench.pause(300);
      const all = durables(talk.peer);
      let collected: readonly AnyFrame[] = [];
      for (let page = 0; page <= all.length; page += 1) {
        const before = page === 0 ? {} : { before: positionOf(collected[0]) };
        const answer = await askHistory(talk, `h-${page}`, { limit: 2, ...before });
        const items = itemsOf(answer);
        check(items.length <= 2, 'A page is larger than its limit');
        collected = [...items, ...collected];
        if (answer.data['complete'] === true) break;
      }
      checkSameFrames(collected, all, 'the pages');
    },
  },
  {
    id: 'V48',
    profile: 'v1',
    section: '6.4',
    title: 'history before the first frame is empty and complete',
    rule: '`history` gives the durable frames before a position, oldest first, and says in `complete` whether any lie before them.',
    run: async (bench) => {
      const talk = await beginV1(bench);
      const [first] = durables(talk.peer);
      if (first === undefined) await sayV1(bench, talk, 'Hello');
      const before = positionOf(durables(talk.peer)[0]);
      const answer = await askHistory(talk, 'h-first', { before, limit: 10 });
      checkEqual(answer.data, { items: [], complete: true }, 'The page');
    },
  },
  {
    id: 'V49',
    profile: 'v1',
    section: '6.4',
    title: 'history before an unknown position is refused with position_invalid',
    rule: 'A position that is unknown is refused with `position_invalid`.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'history', id: 'h-wrong', data: { before: 'ffffffffffff.3', limit: 10 } });
      checkErrorCode(await errorOf(peer, 'h-wrong'), 'position_invalid');
      check(!peer.frames.some(ofType('history')), 'A page was sent');
    },
  },
];
