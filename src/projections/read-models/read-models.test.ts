import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories, timeOf, uuid } from '../../../test/support/projection-events.js';
import { foldInBatches, foldYearsLater } from '../../../test/support/projection-harness.js';
import type { AnyRecorded } from '../../events/catalogue/index.js';
import { personalClasses } from '../../events/personal.js';
import { SEALED_PREFIX } from '../../events/seal.js';
import { projections } from './index.js';

const erasureOf = (stream: string, n: number): AnyRecorded => {
  const at = timeOf(n);
  const place = { stream, revision: 1000 + n, position: BigInt(n), recordedAt: at, occurredAt: at };
  return {
    type: 'PersonalDataErased',
    data: { classes: [...personalClasses], reason: 'citizen_request' },
    meta: { ...place, id: uuid(n), actor: { kind: 'system' }, hash: '' },
  };
};
const holdsSealedText = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes(SEALED_PREFIX)
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsSealedText);

// Every projection that is registered is checked here, with any events of the catalogue: there is nothing to write for it.
describe.each(projections.map((projection) => [projection.name, projection] as const))('%s', (_name, projection) => {
  it('gives the same rows however the events are cut into batches, whatever batch is repeated, and whenever', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(histories, sizes, async (events, cut) => {
        const whole = await foldInBatches(projection, events, [Math.max(1, events.length)]);
        expect(await foldYearsLater(projection, events, cut)).toEqual(whole);
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });

  it('keeps nothing of an erased citizen, not even sealed', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 9 }), async (events, cut) => {
        const streams = new Set(events.map(({ meta }) => meta.stream).filter((name) => name.startsWith('session-')));
        const erased = [...streams].map((stream, index) => erasureOf(stream, events.length + 1 + index));
        const rows = await foldInBatches(projection, [...events, ...erased], [cut]);
        expect(rows.filter((row) => Object.values(row).some(holdsSealedText))).toEqual([]);
      }),
      { seed: 20260103, numRuns: 150 },
    );
  });
});
