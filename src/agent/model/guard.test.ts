import { describe, expect, it } from 'vitest';
import { createGate } from './gate.js';
import { guard, wholeSentences, type GuardGiven } from './guard.js';

const given: GuardGiven = {
  filed: false,
  ownNumber: null,
  said: ['My number is 076 123 456 and they wrote OMB-1234-5678-9ABC on it.'],
  maxChars: 300,
  words: { notFiled: 'Nothing is filed yet.', noPromise: 'I cannot promise that.' },
};
const filed: GuardGiven = { ...given, filed: true, ownNumber: 'OMB-7XKM-3Q2D-9HTV' };

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

  it('lets a filing be spoken of when there is one', () => {
    expect(guard(filed, 'Your complaint is filed.').corrected).toEqual([]);
  });

  it.each([
    ['promise', 'I promise that they will listen.'],
    ['promise', 'You will be paid within two weeks.'],
    ['promise', 'The officer will be arrested.'],
    ['number', 'Your number is OMB-9999-9999-9999.'],
    ['key', 'Your key is 7M3K-9QXD-2HTV-5RWB.'],
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

describe('the gate', () => {
  const through = (state: GuardGiven, text: string, size: number): string => {
    let out = '';
    const gate = createGate(
      () => state,
      (piece) => (out += piece),
    );
    for (let at = 0; at < text.length; at += size) gate.write(text.slice(at, at + size));
    gate.pause();
    return out;
  };
  const sizes = [1, 2, 3, 7, 50, 1000];

  it.each(sizes)('lets ordinary words through as they are, in pieces of %i', (size) => {
    const text = 'I am sorry. On which day was it, Monday or Friday? It was 0 degrees in 2024, at the OFFICE of Bo.';
    expect(through(given, text, size)).toBe(text);
  });

  it.each(sizes)('never lets a foreign number or a lie begin, in pieces of %i', (size) => {
    const text = 'Thank you. Your number is OMB-9999-9999-9999. Your complaint has been filed.';
    const out = through(given, text, size);
    expect(out).not.toMatch(/OMB|filed/u);
    expect(text.startsWith(out)).toBe(true);
  });

  it.each(sizes)('fills the own number in, in pieces of %i', (size) => {
    expect(through(filed, 'It is [tracking number], keep it.', size)).toBe('It is OMB-7XKM-3Q2D-9HTV, keep it.');
  });

  it('gives the first word at once', () => {
    const out: string[] = [];
    const gate = createGate(
      () => given,
      (piece) => void out.push(piece),
    );
    gate.write('I');
    expect(out).toEqual(['I']);
  });

  it('begins a paragraph after a pause', () => {
    const out: string[] = [];
    const gate = createGate(
      () => given,
      (piece) => void out.push(piece),
    );
    gate.write('One moment.');
    gate.pause();
    gate.write('Here it is.');
    gate.pause();
    expect(out.join('')).toBe('One moment.\n\nHere it is.');
    expect(gate.text()).toBe('One moment.\n\nHere it is.');
  });
});
