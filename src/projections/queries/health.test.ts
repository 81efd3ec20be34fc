import { expect, it } from 'vitest';
import { healthOf } from './health.js';

type Copy = Parameters<typeof healthOf>[1][number];
const own = [{ name: 'transcript', version: 2 }];
const copy = (over: Partial<Copy> = {}): Copy => ({
  ...{ name: 'transcript', version: 2, role: 'live', state: 'running', waiting: null },
  ...{ lagEvents: 3n, lagSeconds: 1, eventsPerSecond: 7, skipped: 0 },
  ...over,
});
const waiting = { failures: 3, reason: '53100', since: '2026-05-12T00:00:00.000Z' };

it('is that of the live copy', () => {
  expect(healthOf(own, [copy()])).toEqual([
    {
      ...{ name: 'transcript', version: 2, state: 'running', lagEvents: 3n, lagSeconds: 1 },
      ...{ eventsPerSecond: 7, skipped: 0, rebuildEventsLeft: null },
    },
  ]);
});

it('is not touched by copies of other versions, of former ones, or of other read models', () => {
  const others = [
    copy({ version: 1, lagEvents: 900n, state: 'failed' }),
    copy({ role: 'previous', lagEvents: 800n }),
    copy({ name: 'pending-turns', state: 'paused' }),
  ];
  expect(healthOf(own, [...others, copy()])).toEqual(healthOf(own, [copy()]));
});

it.each([
  [copy({ state: 'failed' }), 'failed'],
  [copy({ state: 'paused' }), 'paused'],
  [copy({ waiting }), 'waiting'],
  [copy({ state: 'paused', waiting }), 'paused'],
] as const)('says why rows are not moving on', (live, state) => {
  expect(healthOf(own, [live])[0]).toMatchObject({ state });
});

it('tells how far a rebuild is, beside the live copy', () => {
  const [health] = healthOf(own, [copy(), copy({ role: 'building', lagEvents: 500n })]);
  expect(health).toMatchObject({ state: 'running', lagEvents: 3n, rebuildEventsLeft: 500n });
});

it('is "building" with the lag of the newest other version, which is shown meanwhile', () => {
  const older = [1, 3].map((version) => copy({ version, lagEvents: BigInt(version) }));
  expect(healthOf(own, [...older, copy({ role: 'building', lagEvents: 500n })])[0]).toMatchObject({
    state: 'building',
    lagEvents: 3n,
    rebuildEventsLeft: 500n,
  });
});

it('is "failed" when a new version stopped at an event on its way', () => {
  const copies = [copy({ version: 1 }), copy({ role: 'building', state: 'failed', lagEvents: 500n })];
  expect(healthOf(own, copies)[0]).toMatchObject({ state: 'failed', lagEvents: 3n });
});

it('is "building" without a lag while there is nothing at all', () => {
  expect(healthOf(own, [])[0]).toMatchObject({ state: 'building', lagEvents: null, lagSeconds: null });
});
