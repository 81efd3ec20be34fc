import { wordCount } from './text-matching.js';

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1234567890'];
const runs = rows.flatMap((row) => [row, Array.from(row).reverse().join('')]);
const RUN = 4;
const MAX_WORDS = 3;

/** Keys that lie side by side, four of them in a row. */
const hasRun = (word: string): boolean =>
  Array.from({ length: Math.max(0, word.length - RUN + 1) }, (_, at) => word.slice(at, at + RUN)).some((piece) =>
    runs.some((run) => run.includes(piece)),
  );

const isNoiseWord = (word: string): boolean =>
  /^(\p{L})\1{3,}$/u.test(word) ||
  /^(\p{L}{2,3})\1{2,}$/u.test(word) ||
  (word.length >= RUN && word.length <= 30 && hasRun(word) && !hasSyllables(word)) ||
  /^[bcdfghjklmnpqrstvwxz]{7,}$/u.test(word);

/** Consonants and vowels taking turns, as in words that people say. */
const hasSyllables = (word: string): boolean =>
  (word.match(/[bcdfghjklmnpqrstvwxyz][aeiouɛɔ]/gu) ?? []).length * 3 >= word.length;

/**
 * Whether a short message is most likely keys hit at random ("asdfgh", "jjjjj"). Only for asking once more: such words may still be
 * meant, and are taken the second time.
 */
export const isKeyboardNoise = (text: string): boolean => {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > 0 && wordCount(text) <= MAX_WORDS && words.every(isNoiseWord);
};
