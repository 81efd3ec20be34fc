import { describe, expect, it } from 'vitest';
import { createSaysYes } from './consent-words.js';

const saysYes = createSaysYes();

describe("a citizen's own yes", () => {
  it.each([
    'yes',
    'Yes.',
    'YES!!',
    'y',
    'yes please',
    'Yes, file it, thank you',
    'ok',
    'Submit it',
    'submit',
    'yɛs',
    'ya',
    'yes yes',
  ])('is: %s', (text) => expect(saysYes(text, 'en')).toBe(true));

  it.each(['yɛs', 'Na so!', 'ya, duya', 'yes please', 'sɛn am'])('is, in Krio: %s', (text) =>
    expect(saysYes(text, 'kri')).toBe(true),
  );

  it.each([
    ...['no', 'yes but change the date', 'yes?', 'ok?', 'not yes', 'yes no', 'please', 'thank you', '', '   ', '...'],
    ...[
      'yesterday',
      'is that right',
      'yes, and add that it was in May',
      "don't submit",
      'submit later',
      'maybe',
      '[erased]',
    ],
  ])('is not: %s', (text) => expect(saysYes(text, 'en')).toBe(false));

  it('is short: nobody hides one in a long text', () => {
    expect(saysYes('yes '.repeat(60), 'en')).toBe(false);
  });
});
