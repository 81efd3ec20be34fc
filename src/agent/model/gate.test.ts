import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardGiven as given, guardSentences, nothingTrue } from '../../../test/agent/model/support/guard-given.js';
import { createGate } from './gate.js';
import { guard, type GuardGiven } from './guard.js';

const filed: GuardGiven = { ...given, truth: { ...nothingTrue, filed: true }, ownNumber: 'OMB-7XKM-3Q2D-9HTV' };
const roomy: GuardGiven = { ...given, maxChars: 100_000 };
const { lies, honest, heldOut } = guardSentences;
const lieTexts = lies.map(([, text]) => text);

/** What a gate shows of pieces, and how many characters it looked at. */
const passed = (state: GuardGiven, pieces: readonly string[]) => {
  let shown = '';
  let looked = 0;
  const gate = createGate(
    () => state,
    (piece) => (shown += piece),
    (characters) => (looked += characters),
  );
  for (const piece of pieces) gate.write(piece);
  gate.pause();
  return { shown, looked, text: gate.text() };
};
const inPieces = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
/** Cut at any places. */
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
const cutAt = (text: string, lengths: readonly number[]): string[] => {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== '');
};

describe('the gate', () => {
  const sizes = [1, 2, 3, 7, 50, 1000];

  it.each(sizes)('lets ordinary words through as they are, in pieces of %i', (size) => {
    const text =
      'I am sorry. On which day was it, Monday or Friday? It was 0 degrees in 2024, at the OFFICE of Bo. 👍🏾 Yes?';
    expect(passed(given, inPieces(text, size)).shown).toBe(text);
  });

  it.each(sizes)('never lets a foreign number or a lie begin, in pieces of %i', (size) => {
    const text = 'Thank you. Your number is OMB-9999-9999-9999. Your complaint has been filed.';
    expect(passed(given, inPieces(text, size)).shown).toBe('Thank you. Your number is ');
  });

  it.each(sizes)('fills the own number in, in pieces of %i', (size) => {
    const { shown } = passed(filed, inPieces('It is [tracking number], keep it.', size));
    expect(shown).toBe('It is OMB-7XKM-3Q2D-9HTV, keep it.');
  });

  it('gives the first word at once', () => {
    const out: string[] = [];
    const gate = createGate(
      () => given,
      (piece) => void out.push(piece),
    );
    gate.write('Thank');
    expect(out).toEqual(['Thank']);
  });

  it('begins a paragraph after a pause', () => {
    const out: string[] = [];
    const gate = createGate(
      () => given,
      (piece) => void out.push(piece),
    );
    gate.write('One moment.');
    gate.pause();
    gate.pause();
    gate.write('Here it is.');
    gate.pause();
    expect(out.join('')).toBe('One moment.\n\nHere it is.');
    expect(gate.text()).toBe('One moment.\n\nHere it is.');
  });

  it('holds back the mark of a short form whose second letter is still to come', () => {
    expect(passed(given, ["You'l", 'l get your money back.']).shown).toBe('You');
  });

  it('shows no lie of the list, nor the word that makes it one', () => {
    const shown = lieTexts.map((text) => passed(given, [text]).shown);
    expect(shown.filter((text) => guard(given, text).corrected.length > 0)).toEqual([]);
    expect(shown.filter((text, at) => text === lieTexts[at])).toEqual([]);
  });

  it('shows and judges the same, whatever the pieces', () => {
    const sentences = fc.array(fc.constantFrom(...lieTexts, ...honest, ...heldOut.lies, ...heldOut.honest), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(sentences, fc.constantFrom(' ', '\n', '\n\n'), cuts, (said, between, lengths) => {
        const text = said.join(between);
        const whole = passed(roomy, [text]);
        const cut = passed(roomy, cutAt(text, lengths));
        expect(cut.shown).toBe(whole.shown);
        expect(guard(roomy, cut.text)).toEqual(guard(roomy, whole.text));
        if (guard(roomy, text).corrected.length === 0) expect(whole.shown).toBe(text);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('shows the same in single letters as in one piece, of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(passed(roomy, inPieces(text, 1)).shown).toBe(passed(roomy, [text]).shown);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('looks at each character a bounded number of times, muted or not, in one piece or in letters', () => {
    const texts = [
      'It was so. '.repeat(900),
      `Filed! ${'It was so. '.repeat(900)}`,
      'a'.repeat(9000),
      ' '.repeat(9000),
      'file '.repeat(1800),
      '\n'.repeat(9000),
      '[tracking '.repeat(900),
      'OMB-1234-'.repeat(1000),
    ];
    const most = texts.flatMap((text) =>
      [1, 5, 10_000].map((size) => passed(roomy, inPieces(text, size)).looked / text.length),
    );
    expect(Math.max(...most)).toBeLessThan(40);
  });
});

describe('a text far too long', () => {
  it('is known as such once it is twice what may be said', () => {
    const gate = createGate(
      () => given,
      () => undefined,
    );
    gate.write('So it was. '.repeat(50));
    expect(gate.isOverfull()).toBe(false);
    gate.write('So it was. '.repeat(10));
    expect(gate.isOverfull()).toBe(true);
    gate.reset();
    expect(gate.isOverfull()).toBe(false);
  });
});
