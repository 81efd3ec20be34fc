import { describe, expect, it } from 'vitest';
import { drawTrackingNumber, parseTrackingNumber as serverParses } from '../../src/commands/tracking-number.js';
import { accessKeyIn, parseTrackingNumber } from './tracking-number';

/** Always the same numbers. */
const seeded = (seed: number) => (bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >> 16));

describe('A number in the page', () => {
  it('is read exactly as the server reads it, in any spelling, right or wrong', () => {
    const chance = seeded(7);
    for (let at = 0; at < 300; at += 1) {
      const number = drawTrackingNumber(chance);
      const mistyped = number.slice(0, -1) + (number.endsWith('7') ? '8' : '7');
      for (const text of [number, number.toLowerCase().replaceAll('-', ' '), number.slice(4), mistyped, `${number}0`])
        expect(parseTrackingNumber(text)).toBe(serverParses(text) ?? null);
    }
  });
});

describe('The access key in an answer', () => {
  it('is found, and never taken from the number', () => {
    expect(accessKeyIn('Your number is OMB-F45P-ABVV-3QF3.\nYour access key: 7K2M-9PQR-STVW-XYZ0')).toBe(
      '7K2M-9PQR-STVW-XYZ0',
    );
    expect(accessKeyIn('Your number is OMB-F45P-ABVV-3QF3.')).toBeNull();
  });
});
