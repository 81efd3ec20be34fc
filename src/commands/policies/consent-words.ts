import type { Language } from '../../events/catalogue/session.js';

/**
 * What counts as a citizen's own yes, as data. A message is a yes when it consists of these phrases and nothing else, and
 * at least one of them is a yes: so "yes but change the date" is none, and a question never is.
 */
export interface ConsentWords {
  readonly yes: readonly string[];
  /** Phrases that may stand beside a yes without changing it. */
  readonly polite: readonly string[];
}

const english: ConsentWords = {
  yes: [
    ...['yes', 'y', 'yeah', 'yep', 'yea', 'yess', 'ok', 'okay', 'sure', 'of course', 'go ahead', 'do it'],
    ...['submit', 'submit it', 'submit it now', 'submit now', 'submit my complaint', 'submit the complaint'],
    ...[
      'file',
      'file it',
      'file it now',
      'file now',
      'file my complaint',
      'file the complaint',
      'send it',
      'i confirm',
    ],
    ...['confirm', 'confirmed', 'i agree', 'agreed', 'that is correct', 'it is correct', 'all correct', 'correct'],
  ],
  polite: ['please', 'pls', 'plz', 'thanks', 'thank you', 'sir', 'madam', 'ma', 'now'],
};

// Awaiting a native reviewer, like the Krio text pack. English words count too: many people mix the two.
const krio: ConsentWords = {
  yes: [
    ...['yɛs', 'yes', 'ya', 'yah', 'yɛ', 'ɛ hɛ', 'ɛhɛ', 'na so', 'na so i bi', 'dɔ am', 'du am', 'sɛn am', 'send am'],
    ...[
      'fayl am',
      'fayl am naw',
      'fayl mi kɔmplen',
      'file am',
      'submit am',
      'sabmit',
      'sabmit am',
      'kɔrɛkt',
      'a gri',
      'a agri',
      'i kɔrɛkt',
      'i kɔrɛk',
    ],
  ],
  polite: ['duya', 'du ya', 'a bɛg', 'abɛg', 'tɛnki', 'tɛnki ya', 'naw', 'padi', 'sa', 'ma', 'bra', 'sista'],
};

export const defaultConsentWords: Readonly<Record<Language, ConsentWords>> = {
  en: { yes: [...english.yes, 'ya', 'yah', 'yɛs'], polite: english.polite },
  kri: { yes: [...krio.yes, ...english.yes], polite: [...krio.polite, ...english.polite] },
};

export type SaysYes = (text: string, language: Language) => boolean;

const MAX_YES_CHARS = 120;

const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s]/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');

/**
 * Makes the test for a citizen's own yes out of data.
 * @returns whether the text, in this language, says yes and nothing else
 */
export const createSaysYes = (words: Readonly<Record<Language, ConsentWords>> = defaultConsentWords): SaysYes => {
  const phrases = (list: readonly string[]) => list.map(wordsOf).sort((a, b) => b.length - a.length);
  const prepared = {
    en: { yes: phrases(words.en.yes), polite: phrases(words.en.polite) },
    kri: { yes: phrases(words.kri.yes), polite: phrases(words.kri.polite) },
  };
  return (text, language) => {
    if (text.length > MAX_YES_CHARS || /[?？]/u.test(text)) return false;
    const said = wordsOf(text);
    const lengthAt = (list: readonly (readonly string[])[], at: number): number =>
      list.find((phrase) => phrase.every((word, offset) => said[at + offset] === word))?.length ?? 0;
    let yes = false;
    for (let at = 0; at < said.length;) {
      const yesLength = lengthAt(prepared[language].yes, at);
      const step = Math.max(yesLength, lengthAt(prepared[language].polite, at));
      if (step === 0) return false;
      yes ||= yesLength > 0;
      at += step;
    }
    return yes;
  };
};
