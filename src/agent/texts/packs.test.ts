import { describe, expect, it } from 'vitest';
import { fillIn, loadTextPacks, textPackSchema } from './packs.js';

const packs = loadTextPacks();

describe('the text packs', () => {
  it('have the same texts in both languages', () => {
    expect(Object.keys(packs.kri.texts).sort()).toEqual(Object.keys(packs.en.texts).sort());
    expect(Object.keys(packs.kri.replies).sort()).toEqual(Object.keys(packs.en.replies).sort());
  });

  it('say that the Krio one awaits a native reviewer', () => {
    expect(packs.kri.review).toBe('awaiting a native reviewer');
  });

  it('refuse a pack with a missing text', () => {
    const texts: Record<string, string> = { ...packs.en.texts };
    delete texts['hello'];
    expect(textPackSchema.safeParse({ ...packs.en, texts }).success).toBe(false);
  });

  it('refuse a pack with an unknown text', () => {
    const texts = { ...packs.en.texts, hallo: 'x' };
    expect(textPackSchema.safeParse({ ...packs.en, texts }).success).toBe(false);
  });

  it.each(['no number here', '{number} and {other}'])('refuse wrong placeholders: %s', (text) => {
    const texts = { ...packs.en.texts, filed_number: text };
    expect(textPackSchema.safeParse({ ...packs.en, texts }).success).toBe(false);
  });

  it('put values in as they are', () => {
    expect(fillIn(packs.en, 'filed_number', { number: '$& {number} $1' })).toBe('$& {number} $1');
  });

  it('hold no emoji and no promise', () => {
    for (const text of [...Object.values(packs.en.texts), ...Object.values(packs.kri.texts)]) {
      expect(text).not.toMatch(/\p{Extended_Pictographic}/u);
      expect(text).not.toMatch(/\b(?:we will solve|guarantee|within \d+ days?)\b/iu);
    }
  });

  it('keep English sentences short', () => {
    for (const [key, text] of Object.entries(packs.en.texts)) {
      for (const sentence of text.split(/[.?!:;]\s/u)) expect(sentence.split(' ').length, key).toBeLessThanOrEqual(28);
    }
  });
});
