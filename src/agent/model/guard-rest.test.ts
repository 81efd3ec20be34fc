import { describe, expect, it } from 'vitest';
import { guardGiven, nothingTrue } from '../../../test/agent/model/support/guard-given.js';
import { guard } from './guard.js';

const said = (text: string): string => guard(guardGiven, text).text;
const key = 'Your key is ABCD-EFGH-JKMN-PQRS.';

describe('what is left after a sentence was taken out', () => {
  it.each([
    `Thank you. ${key} Keep it.`,
    `Thank you. ${key} Please write it down and keep it safe.`,
    `Thank you. ${key} With it you can read your complaint later.`,
    `Thank you. ${key} It opens your complaint. Show it to nobody.`,
    `Thank you. Here is your key: ${key}`,
    `Thank you. Here it is: ABCD-EFGH-JKMN-PQRS\nKeep it.`,
    `Thank you. ${key} Did you write it down?`,
  ])('has no sentence that means nothing by itself: %s', (text) => {
    expect(said(text)).toBe('Thank you.');
  });

  it.each([
    ['Was it on Monday?', 'Was it on Monday?'],
    ['That must have been hard.', 'That must have been hard.'],
    ['So, which office was it?', 'Which office was it?'],
    ['But the clerk should not have asked for that.', 'The clerk should not have asked for that.'],
    ['So far you have told me about Lumley.', 'So far you have told me about Lumley.'],
  ])('keeps what stands by itself: %s', (rest, left) => {
    expect(said(`Thank you. ${key} ${rest}`)).toBe(`Thank you. ${left}`);
  });

  it('is not looked at when nothing was taken out', () => {
    const text = 'You told me the number OMB-1234-5678-9ABC. Keep it. But is that right?';
    expect(said(text)).toBe(text);
  });

  it('ends with its question, after the truth', () => {
    expect(said('Thank you. Your complaint has been filed. Which office was it?')).toBe(
      'Thank you.\n\nNothing is filed yet.\n\nWhich office was it?',
    );
  });

  it('begins with the truth when nothing else is left', () => {
    expect(said('Your complaint has been filed. Keep your number.')).toContain('Nothing is filed yet.');
    expect(
      guard({ ...guardGiven, truth: { ...nothingTrue, filed: true } }, 'Your complaint is filed. Keep it.').text,
    ).toBe('Your complaint is filed. Keep it.');
  });
});
