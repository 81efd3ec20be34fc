import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories } from '../../test/support/projection-events.js';
import { createMemoryLog } from '../../test/support/memory-log.js';
import { foldInBatches, inKeyOrder } from '../../test/support/projection-harness.js';
import { parseMoment, rowsAsOf } from './as-of.js';
import type { Row } from './projection.js';
import { projections } from './read-models/index.js';

describe('a read model as of a moment', () => {
  it.each(projections.map((projection) => [projection.name, projection] as const))(
    'is what the live one held then, for every moment of every history: %s',
    async (_name, projection) => {
      await fc.assert(
        fc.asyncProperty(histories, fc.nat(60), async (events, cut) => {
          const log = createMemoryLog();
          log.publish(events);
          const position = BigInt(Math.min(cut, events.length));
          const expected = await foldInBatches(projection, events.slice(0, Number(position)), [7]);
          const asOf: readonly Row[] = await rowsAsOf(projection, log, { position });
          expect(inKeyOrder(projection, asOf)).toEqual(expected);
          const { position: head } = await log.head();
          const now: readonly Row[] = await rowsAsOf(projection, log, { position: head });
          expect(inKeyOrder(projection, now)).toEqual(await foldInBatches(projection, events, [1000]));
        }),
        { seed: 20260606, numRuns: 60 },
      );
    },
  );

  it.each([
    ['4711', { position: 4711n }],
    ['2026-05-12', { time: '2026-05-12T00:00:00.000Z' }],
    ['2026-05-12T14:00', { time: '2026-05-12T14:00:00.000Z' }],
    ['2026-05-12T14:00:30+02:00', { time: '2026-05-12T12:00:30.000Z' }],
    ['-1', undefined],
    ['2026-13-01', undefined],
    ['last Tuesday', undefined],
  ])('is named by a position or a time: %s', (text, moment) => {
    expect(parseMoment(text)).toEqual(moment);
  });
});
