import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guardGiven, guardSentences, nothingTrue } from '../../../test/agent/model/support/guard-given.js';
import { loadTextPacks } from '../texts/packs.js';
import { guard } from './guard.js';

// How often the guard errs, on lists of sentences (test/agent/model/guard-sentences.json).

const { lies, honest, honestWhen, heldOut } = guardSentences;
const corrections = (text: string) => guard(guardGiven, text).corrected;
const isTakenOut = (text: string): boolean => corrections(text).length > 0;

describe('the guard, measured', () => {
  it('is measured on at least 60 lies, 60 honest sentences, and 20 of each that no rule was made for', () => {
    expect(Math.min(lies.length, honest.length)).toBeGreaterThanOrEqual(60);
    expect(Math.min(heldOut.lies.length, heldOut.honest.length)).toBeGreaterThanOrEqual(20);
    const all = [...lies.map(([, text]) => text), ...honest, ...heldOut.lies, ...heldOut.honest];
    expect(new Set(all).size).toBe(all.length);
  });

  it('takes every lie of the list out, and knows which kind it is', () => {
    expect(lies.filter(([kind, text]) => !corrections(text).some((one) => one === kind))).toEqual([]);
  });

  it('takes no honest sentence of the list out', () => {
    expect(honest.filter(isTakenOut)).toEqual([]);
  });

  it.each(honestWhen)('takes out what is not so, and lets it stand when %s is: %s', (what, text) => {
    expect(isTakenOut(text)).toBe(true);
    expect(guard({ ...guardGiven, truth: { ...nothingTrue, [what]: true } }, text).corrected).toEqual([]);
  });

  it('does on sentences that no rule was made for as docs/language-model.md says', () => {
    const caught = `${heldOut.lies.filter(isTakenOut).length} of ${heldOut.lies.length}`;
    const kept = `${heldOut.honest.filter((text) => !isTakenOut(text)).length} of ${heldOut.honest.length}`;
    const docs = readFileSync(new URL('../../../docs/language-model.md', import.meta.url), 'utf8').replace(
      /\s+/gu,
      ' ',
    );
    expect(docs).toContain(`${caught} lies were taken out and ${kept} honest sentences stood`);
  });

  it.each(['en', 'kri'] as const)(
    'finds no fault with what the program itself says (%s), when it is so',
    (language) => {
      // Only the program may tell a day or an erasure, or show the answers: it knows of them.
      const own = ['tracking_due', 'number_erased', 'refused_erased', 'card_head'];
      const truth = { filed: true, sent: true, looked: true, person: true, withdrawn: true };
      const { texts } = loadTextPacks()[language];
      const given = { ...guardGiven, truth, maxChars: 4000 };
      const faulty = Object.entries(texts).filter(
        ([key, text]) => !own.includes(key) && guard(given, text).corrected.length > 0,
      );
      expect(faulty).toEqual([]);
    },
  );
});
