import type { Case } from '../case.js';
import { check, checkEqual, skipped } from '../outcome.js';
import { checkCode, nextError, openTalk } from './classic-kit.js';

const DEEP = 60_000;
const MOST_BAD_FRAMES = 20;

/** What ends a classic connection. */
export const classicAbuseCases: readonly Case[] = [
  {
    id: 'C50',
    profile: 'classic',
    section: '4.4',
    title: 'JSON that is nested too deeply is refused and the connection closed with 4400',
    rule: 'JSON that is nested too deeply is refused with `bad_frame` before it is parsed, and the connection is closed with 4400.',
    run: async (bench) => {
      const { peer } = await openTalk(bench);
      peer.sendText('['.repeat(DEEP));
      checkCode(await nextError(peer), 'bad_frame');
      checkEqual((await peer.closed()).code, 4400, 'The close code');
    },
  },
  {
    id: 'C51',
    profile: 'classic',
    section: '4.4',
    title: 'repeated bad frames close the connection with 4400',
    rule: 'After five unreadable frames the connection is closed with 4400.',
    run: async (bench) => {
      const { peer } = await openTalk(bench);
      for (let sent = 0; sent < MOST_BAD_FRAMES && peer.isOpen(); sent += 1) {
        peer.sendText('not JSON');
        await bench.pause(30);
      }
      const { code } = await peer.closed();
      check(code === 4400 || code === 4429, `The close code is ${code}, expected 4400 (or 4429)`);
    },
  },
  {
    id: 'C52',
    profile: 'classic',
    section: '4.4',
    title: 'a frame over the limit closes the connection with 1009',
    rule: 'A frame over the limit of the profile closes the connection with 1009.',
    limitMs: 30_000,
    run: async (bench) => {
      const { session, peer } = await openTalk(bench);
      const limits = session.body['limits'] as Record<string, unknown> | undefined;
      const limit = limits?.['classicFrameBytes'];
      if (typeof limit !== 'number') throw skipped('the server does not tell limits.classicFrameBytes');
      if (limit > 64 * 2 ** 20) throw skipped('the limit is more than 64 MiB');
      peer.sendText(JSON.stringify({ message: 'x'.repeat(limit) }));
      checkEqual((await peer.closed(20_000)).code, 1009, 'The close code');
    },
  },
];
