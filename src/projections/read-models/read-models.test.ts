import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories } from '../../../test/support/projection-events.js';
import { foldInBatches } from '../../../test/support/projection-harness.js';
import { projections } from './index.js';

describe.each(projections.map((projection) => [projection.name, projection] as const))('%s', (_name, projection) => {
  it('gives the same rows however the events are cut into batches, and whatever batch is repeated', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(histories, sizes, async (events, cut) => {
        const whole = await foldInBatches(projection, events, [Math.max(1, events.length)]);
        expect(await foldInBatches(projection, events, cut)).toEqual(whole);
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });
});
