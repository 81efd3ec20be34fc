import { describe, expect, it } from 'vitest';
import { parseMoment, parsePeriod } from './period.js';

const now = new Date('2026-11-23T12:00:00Z');

describe('a moment', () => {
  it.each([
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T08:30', '2026-11-01T08:30:00.000Z'],
    ['2026-11-01T08:30+01:00', '2026-11-01T07:30:00.000Z'],
    ['90m', '2026-11-23T10:30:00.000Z'],
    ['24h', '2026-11-22T12:00:00.000Z'],
    ['7d', '2026-11-16T12:00:00.000Z'],
  ])('is read from %s', (text, iso) => {
    expect(parseMoment(text, now)?.toISOString()).toBe(iso);
  });

  it.each(['', 'yesterday', '2026-13-01', '2026-1-1', '7w', '-1d'])('is not read from "%s"', (text) => {
    expect(parseMoment(text, now)).toBeUndefined();
  });
});

describe('a period', () => {
  it('is the last 30 days when nothing is said', () => {
    expect(parsePeriod(undefined, undefined, now)).toEqual({ since: new Date('2026-10-24T12:00:00Z'), until: now });
  });

  it('is none when it would end before it begins', () => {
    expect(parsePeriod('1d', '2d', now)).toBeUndefined();
  });
});
