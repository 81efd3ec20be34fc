import { describe, expect, it } from 'vitest';
import { trackingStream } from '../../events/catalogue/index.js';
import { fixedClock } from '../../platform/clock.js';
import { createMemoryEventLog } from '../../../test/support/memory-event-log.js';
import { createAccessKeys } from '../access-key.js';
import { lookupKey } from '../tracking-number.js';
import { createPrepareSubmission } from './prepare-submission.js';

const accessKeys = createAccessKeys({ log2N: 10 });
const clock = fixedClock('2026-03-01T10:00:00.000Z');

describe('preparing a submission', () => {
  it('reserves a number under its lookup key, and gives an access key with its hash', async () => {
    const log = createMemoryEventLog();
    const prepared = await createPrepareSubmission({ log, pepper: 'p', accessKeys, clock })({ sessionId: 's' });
    expect(prepared.trackingLookup).toBe(lookupKey('p', prepared.trackingNumber));
    expect(await accessKeys.verify(prepared.accessKey, prepared.accessKeyHash)).toBe(true);
    expect(log.recorded).toMatchObject([
      {
        type: 'TrackingNumberReserved',
        data: { complaintId: prepared.complaintId },
        meta: { stream: trackingStream(prepared.trackingLookup), revision: 0 },
      },
    ]);
  });

  it('draws again when the number is taken', async () => {
    const log = createMemoryEventLog();
    const draws = ['OMB-0000-0000-0000', 'OMB-0000-0000-0000', 'OMB-0000-0000-00AA'];
    const draw = (): string => draws.shift() ?? '';
    const prepare = createPrepareSubmission({ log, pepper: 'p', accessKeys, clock, draw });
    const numbers = [await prepare({ sessionId: 's' }), await prepare({ sessionId: 's' })];
    expect(numbers.map(({ trackingNumber }) => trackingNumber)).toEqual(['OMB-0000-0000-0000', 'OMB-0000-0000-00AA']);
  });

  it('does not go on for ever', async () => {
    const log = createMemoryEventLog();
    const prepare = createPrepareSubmission({ log, pepper: 'p', accessKeys, clock, draw: () => 'OMB-0000-0000-0000' });
    await prepare({ sessionId: 's' });
    await expect(prepare({ sessionId: 's' })).rejects.toThrow('No free tracking number');
  });
});
