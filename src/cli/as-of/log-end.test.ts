import { expect, it } from 'vitest';
import { banner, beyondEnd } from './log-end.js';

const end = { position: 4711n, recordedAt: '2026-05-12T14:00:00.000Z' };

it.each([{ position: 4711n }, { position: 0n }, { time: '2099-01-01T00:00:00.000Z' }])('can be told: %o', (moment) => {
  expect(beyondEnd(moment, end)).toBeUndefined();
});

it('names the last position to whoever asks for one beyond it', () => {
  expect(beyondEnd({ position: 4712n }, end)).toBe(
    'The log ends at position 4711: there is nothing at 4712 yet. (position_beyond_end)',
  );
});

it.each([{ position: 4710n }, { time: '2026-05-12T13:59:59.999Z' }])('is not how things are now: %o', (moment) => {
  expect(banner('then', moment, end)).toMatch(
    /^As of then: not how things are now, for the log ends at position 4711\./,
  );
});

it.each([{ position: 4711n }, { time: '2026-05-12T14:00:00.000Z' }, { time: '2099-01-01T00:00:00.000Z' }])(
  'is how things are now: %o',
  (moment) => {
    expect(banner('now', moment, end)).toMatch(/^As of now: how things are now, for the log ends at position 4711\./);
  },
);

it('says of an empty log that this is all', () => {
  expect(banner('0', { position: 0n }, { position: 0n, recordedAt: null })).toContain('how things are now');
});
