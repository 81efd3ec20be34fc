import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedAt, started, story } from '../../test/support/session-story.js';
import type { AnyRecorded } from '../events/catalogue/index.js';
import { createFrameCheckpoints, CHECKPOINT_EVENTS } from './frame-checkpoints.js';
import type { V1DurableFrame } from './protocol/v1-server-frames.js';
import { newestPage, readHistory } from './read-history.js';
import { emptyFold, foldFrame } from './session-frames.js';

const source = { sessionId: 'S', epoch: '0123456789ab' };
const revisionOf = (frame: V1DurableFrame | undefined): number => Number(frame?.position.split('.')[1]);

const logOf = (events: readonly AnyRecorded[]) => {
  let read = 0;
  return {
    async *readStream(_stream: string, from = 0): AsyncGenerator<AnyRecorded> {
      await Promise.resolve();
      for (const event of events.slice(from)) {
        read += 1;
        yield event;
      }
    },
    read: () => read,
  };
};
const framesOf = (events: readonly AnyRecorded[]): V1DurableFrame[] => {
  let fold = emptyFold;
  return events.flatMap((event) => {
    const [next, frame] = foldFrame(fold, event, source);
    fold = next;
    return frame === null ? [] : [frame];
  });
};

describe('history', () => {
  it('read page by page from the end is the whole conversation, whatever is in memory', async () => {
    await fc.assert(
      fc.asyncProperty(story({ maxLength: 400 }), fc.integer({ min: 1, max: 50 }), async (events, limit) => {
        const deps = { log: logOf(events), checkpoints: createFrameCheckpoints() };
        let all: V1DurableFrame[] = [];
        for (let before: number | null = null; ;) {
          const page = await readHistory(deps, source, { before, limit });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          all = [...page.items, ...all];
          if (page.complete) break;
          before = revisionOf(page.items[0]);
        }
        expect(all).toEqual(framesOf(events));
      }),
      { seed: 20_261_124, numRuns: 40 },
    );
  });

  it('of a long conversation reads only what is near, once it was read before', async () => {
    const events = [
      started,
      ...Array.from({ length: 3999 }, () => ({ type: 'OfficerReplied', data: { text: 'x' } }) as const),
    ];
    const log = logOf(events.map((event, at) => recordedAt(event, at)));
    const deps = { log, checkpoints: createFrameCheckpoints() };
    await readHistory(deps, source, { before: null, limit: 100 });
    const first = log.read();
    await readHistory(deps, source, { before: 3900, limit: 100 });
    expect(log.read() - first).toBeLessThan(5 * CHECKPOINT_EVENTS);
  });

  it('has at least one frame on a page, however long it is', () => {
    const long = framesOf(
      [started, { type: 'OfficerReplied', data: { text: 'x'.repeat(300_000) } } as const].map((event, at) =>
        recordedAt(event, at),
      ),
    );
    expect(newestPage(long, 100)).toHaveLength(1);
    expect(newestPage(long, 0)).toHaveLength(0);
  });
});

describe('folds in memory', () => {
  it('are bounded, spread, and gone after an erasure', () => {
    const checkpoints = createFrameCheckpoints();
    for (let revision = 0; revision < 10_000; revision += 7)
      checkpoints.save('S', { ...emptyFold, frames: revision, view: { ...emptyFold.view, revision } });
    expect(checkpoints.atOrBefore('S', 9_999).view.revision).toBe(9_996);
    expect(9_900 - checkpoints.atOrBefore('S', 9_900).view.revision).toBeLessThan(CHECKPOINT_EVENTS);
    expect(checkpoints.framesBack('S', 200).frames).toBeLessThanOrEqual(9_796);
    checkpoints.forget('S');
    expect(checkpoints.atOrBefore('S', 9_999)).toBe(emptyFold);
  });
});
