import { describe, expect, it } from 'vitest';
import { guardGiven as given, nothingTrue } from '../../../test/agent/model/support/guard-given.js';
import { guard, wholeSentences, type GuardGiven } from './guard.js';

const filed: GuardGiven = { ...given, truth: { ...nothingTrue, filed: true }, ownNumber: 'OMB-7XKM-3Q2D-9HTV' };

describe('the output guard', () => {
  it.each([
    'I am sorry to hear that. Which office was it?',
    'Once your complaint is filed, a person reads it.',
    'Do you want me to show your answers before it is filed?',
    'It is not filed yet.',
    'I cannot promise that you will get your money back.',
    'You wrote 076 123 456, is that right?',
    'You told me the number OMB-1234-5678-9ABC.',
    'That was in 2024, on the 12 March.',
    'When did it happen?\n\nWas it in Bo?',
  ])('lets stand: %s', (text) => {
    expect(guard(given, text)).toEqual({ text, corrected: [] });
  });

  it.each([
    'Your complaint has been filed.',
    'Your complaint is now submitted!',
    'I have filed it for you.',
    "I've successfully submitted your complaint.",
    'Yu kɔmplen dɔn fayl.',
  ])('puts the truth in the place of a filing that is none: %s', (text) => {
    expect(guard(given, `Thank you. ${text}`)).toEqual({
      text: 'Thank you.\n\nNothing is filed yet.',
      corrected: ['claims_filed'],
    });
  });

  it.each([
    ['Thank you, [name]. Where was it?', 'Thank you. Where was it?'],
    ['I have your number [phone].', 'I have your number.'],
    ['[name], where was it?', 'where was it?'],
  ])('leaves out marks that stand for what the model did not read: %s', (text, left) => {
    expect(guard(given, text)).toEqual({ text: left, corrected: [] });
  });

  it('lets a filing be spoken of when there is one', () => {
    expect(guard(filed, 'Your complaint is filed.').corrected).toEqual([]);
  });

  it.each([
    ['promise', 'I promise that they will listen.'],
    ['promise', 'You will be paid within two weeks.'],
    ['promise', 'The officer will be arrested.'],
    ['number', 'Your number is OMB-9999-9999-9999.'],
    ['key', 'Your key is 7M3K-9QXD-2HTV-5RWB.'],
    ['key', 'The letters are qwrt-mnbd-hjkp-svxz.'],
    ['key', 'Your key is ABCD-EFGH-JKMN-PQRS.'],
    ['link', 'Look at https://evil.example/x for more.'],
    ['link', 'Look ![here](https://evil.example/?q=all) please.'],
    ['contact', 'Please call +232 99 000 111 at once.'],
    ['contact', 'Write to help@evil.example today.'],
  ])('takes out what must not be said (%s): %s', (correction, text) => {
    const result = guard(given, `Thank you. ${text} Which office was it?`);
    expect(result.corrected).toContain(correction);
    expect(result.text).toContain('Thank you.');
    expect(result.text).toContain('Which office was it?');
    expect(result.text).not.toContain(text);
  });

  it('puts the right number in the place of a wrong one, and of its mark', () => {
    expect(guard(filed, 'Your number is OMB-9999-9999-9999.').text).toBe('Your number is OMB-7XKM-3Q2D-9HTV.');
    expect(guard(filed, 'Your number is [tracking number].')).toEqual({
      text: 'Your number is OMB-7XKM-3Q2D-9HTV.',
      corrected: [],
    });
  });

  it('cuts what is too long at the end of a sentence', () => {
    const { text, corrected } = guard(given, 'This is a sentence. '.repeat(30));
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text.endsWith('sentence.')).toBe(true);
    expect(corrected).toEqual(['too_long']);
  });

  it('takes invisible marks out', () => {
    expect(guard(given, 'He\u202Ello\u0000 you.').text).toBe('Hello you.');
  });

  it('keeps whole sentences of what was cut off', () => {
    expect(wholeSentences('I am sorry. Which off')).toBe('I am sorry.');
    expect(wholeSentences('I am sor')).toBe('I am sor…');
  });
});
