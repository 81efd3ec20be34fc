import { clausesOf } from './guard-clauses.js';
import { falseClaims, type Truth } from './guard-effects.js';
import { forgesForm, posesAsPerson } from './guard-poses.js';
import { demandsSomething, promisesSomething } from './guard-promises.js';
import { readable } from './guard-rest.js';
import { strangeIn, withOwnNumber, type Known, type Strange } from './guard-strange.js';
import { OWN_NUMBER } from './mask.js';

// What the model says is checked before it is recorded, sentence by sentence: what it says is done against what was done, and the rest
// by its words, in English and a little Krio. It catches what goes wrong often, not everything: docs/language-model.md has the measured
// rates. What matters by law is shown by the program itself.

/** What is wrong with a text of the model; recorded with the reply. */
export type Correction =
  Strange | 'claims_filed' | 'claims_done' | 'claims_person' | 'promise' | 'demand' | 'forged_form' | 'too_long';

export interface GuardGiven extends Known {
  readonly truth: Truth;
  readonly maxChars: number;
  /** The program's own words, put in the place of what was wrong. */
  readonly words: Readonly<Record<'notFiled' | 'notDone' | 'noPromise' | 'free' | 'who', string>>;
}

export interface Guarded {
  readonly text: string;
  readonly corrected: readonly Correction[];
}

export interface Judged {
  /** Empty: the sentence is taken out. */
  readonly text: string;
  readonly corrections: readonly Correction[];
}

/**
 * Where the first sentence of a text ends: after a mark that white space follows, or before a new line.
 * @param last the character before the text
 * @param begun the text goes on with a sentence
 */
export const sentenceEnd = (last: string, text: string, begun: boolean): number | undefined => {
  if (begun && /[.!?…]/u.test(last) && /^\s/u.test(text)) return 0;
  const marks = /[.!?…](?=\s)|\n/gu;
  if (!begun && text.startsWith('\n')) marks.lastIndex = 1;
  const found = marks.exec(text);
  if (found === null) return undefined;
  return found[0] === '\n' ? found.index : found.index + found[0].length;
};

/** Sentences with the white space around them, so that what is left can be put together again. */
export const sentencesOf = (text: string): readonly string[] => {
  const found: string[] = [];
  let rest = text;
  for (;;) {
    const end = sentenceEnd('', rest, false);
    if (end === undefined) return [...found, rest];
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
};

/** Invisible marks and control characters, which could hide something or turn the reading direction. */
const printable = (text: string): string => text.replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, '').replace(/\t/gu, ' ');

/** What may stand of one sentence: all of it, all of it with the citizen's own number put right, or nothing. */
export const judgeSentence = (given: GuardGiven, raw: string): Judged => {
  const sentence = printable(raw);
  const clauses = clausesOf(sentence);
  const claims = falseClaims(clauses, given.truth);
  const corrections: readonly Correction[] = [
    ...strangeIn(sentence, given),
    ...(claims.some((effect) => effect === 'filed' || effect === 'sent') ? (['claims_filed'] as const) : []),
    ...(claims.some((effect) => effect !== 'filed' && effect !== 'sent') ? (['claims_done'] as const) : []),
    ...(posesAsPerson(clauses) ? (['claims_person'] as const) : []),
    ...(forgesForm(sentence) ? (['forged_form'] as const) : []),
    ...(promisesSomething(clauses) ? (['promise'] as const) : []),
    ...(demandsSomething(clauses) ? (['demand'] as const) : []),
  ];
  const { ownNumber } = given;
  if (ownNumber !== null && corrections.length === 1 && corrections[0] === 'number') {
    const mended = withOwnNumber(sentence, ownNumber);
    return { text: strangeIn(mended, given).length === 0 ? mended : '', corrections };
  }
  return { text: corrections.length === 0 ? sentence : '', corrections };
};

// Marks that stand for what the model does not get to read. Said back they mean nothing to a citizen.
const mark = '\\[(?:name|phone|email|contact|address|house number|earlier number)\\]';
const markFirst = new RegExp(`(^|\\n)${mark}[,:]?[^\\S\\n]*`, 'gu');
const markWithin = new RegExp(`(?:,?[^\\S\\n]+)?${mark}`, 'gu');

/** A checked text as the citizen reads it: with their own number where the model wrote its mark, and without other marks. */
export const spoken = ({ ownNumber }: Pick<GuardGiven, 'ownNumber'>, text: string): string =>
  printable(text)
    .replaceAll(OWN_NUMBER, ownNumber ?? '')
    .replace(markFirst, '$1')
    .replace(markWithin, '');

const cut = (text: string, maxChars: number): string => {
  if (text.length <= maxChars) return text;
  const start = text.slice(0, maxChars);
  const end = Math.max(...['. ', '! ', '? ', '.\n', '?\n', '!\n'].map((mark) => start.lastIndexOf(mark)));
  return end > maxChars / 3 ? start.slice(0, end + 1) : `${start.slice(0, maxChars - 1)}…`;
};

/** A text that the server cut off, up to its last whole sentence; without one, with a mark that something is missing. */
export const wholeSentences = (text: string): string => {
  const end = /^[\s\S]*[.!?…](?=\s|$)/u.exec(text.trim())?.[0];
  return end ?? `${text.trim()}…`;
};

/** The program's words stand as paragraphs of their own, before the question that the model ends with: a reply ends with its question. */
const withTruth = (said: string, added: readonly string[]): string => {
  const sentences = sentencesOf(said);
  const question = added.length > 0 && said.endsWith('?') ? (sentences.at(-1) ?? '') : '';
  const before = said.slice(0, said.length - question.length);
  return [before.trim(), ...added, question.trim()].filter((part) => part !== '').join('\n\n');
};

/**
 * The model's words as they may be recorded: sentences that say something as done that is not, promise or demand something, or hold
 * foreign numbers, keys, addresses or links are taken out, with what means nothing without them, and the truth is put in their place.
 * Pure.
 */
export const guard = (given: GuardGiven, text: string): Guarded => {
  const all = sentencesOf(printable(text).trim()).map((sentence) => judgeSentence(given, sentence));
  // What follows the head of a form belongs to it.
  const form = all.findIndex(({ corrections }) => corrections.includes('forged_form'));
  const judged = form < 0 ? all : all.slice(0, form + 1);
  const corrected = new Set(judged.flatMap(({ corrections }) => corrections));
  const said = readable(judged.map((one) => ({ text: one.text, isCut: one.text === '' && one.corrections.length > 0 })))
    .join('')
    .replace(/[ \t]{2,}/gu, ' ')
    .trim();
  if (said.length > given.maxChars) corrected.add('too_long');
  const { notFiled, notDone, noPromise, free, who } = given.words;
  const added = [
    ...(corrected.has('claims_person') ? [who] : []),
    ...(corrected.has('claims_filed') ? [notFiled] : []),
    ...(corrected.has('claims_done') ? [notDone] : []),
    ...(corrected.has('promise') ? [noPromise] : []),
    ...(corrected.has('demand') ? [free] : []),
  ];
  return { text: spoken(given, withTruth(cut(said, given.maxChars), added)), corrected: [...corrected] };
};
