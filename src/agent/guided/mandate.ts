import type { Taxonomy } from '../../commands/taxonomy/taxonomy.js';
import { hasTerm, tokens } from '../classifier.js';

/** Whether a text hints at something that the office cannot normally take up: the taxonomy's `outOfMandate` code. */
export type MandateTest = (text: string, institution: string | null) => string | null;

/** The entry of the taxonomy about matters before a court; the citizen is asked about that, whatever the text says. */
export const COURT_MATTER = 'courts';

/**
 * Makes the test out of the taxonomy's words. A phrase is a hint by itself. A single word is one only when the text names
 * no public institution ("my husband was beaten at the police station" is about the police).
 */
export const createMandateTest = (taxonomy: Taxonomy): MandateTest => {
  const entries = taxonomy.outOfMandate
    .filter((entry) => entry.code !== COURT_MATTER)
    .map((entry) => ({
      code: entry.code,
      words: entry.words.map(tokens),
      phrases: entry.phrases.map(tokens),
    }));
  return (text, institution) => {
    const said = tokens(text);
    const byPhrase = entries.find((entry) => entry.phrases.some((phrase) => hasTerm(said, phrase)));
    if (byPhrase !== undefined) return institution === null ? byPhrase.code : null;
    if (institution !== null) return null;
    return entries.find((entry) => entry.words.some((word) => hasTerm(said, word)))?.code ?? null;
  };
};
