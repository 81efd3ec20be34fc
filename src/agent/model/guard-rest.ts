import { plainSentence } from './guard-clauses.js';

// What is left of a reply once sentences were taken out of it has to read well by itself. A rule too wide costs a sentence of courtesy,
// one too narrow leaves a sentence that means nothing.

/** A sentence of a reply, and whether the guard took it out. */
export interface Piece {
  readonly text: string;
  readonly isCut: boolean;
}

const openers =
  '(?:(?:so|and|but|then|also|now|please|duya|ok|okay|well|just|always|en|you (?:can|must|should|may|will need to|have to|need to)|yu (?:kin|fo)|do not|make sure (?:to|you)|remember to),? )*';
const pointing = '(?:it|its|this|that|these|those|them|they|both|dis|dat|den|am)';
const handling =
  '(?:keep|write|save|note|remember|use|show|give|send|bring|share|tell|follow|click|open|call|check|see|store|hold|put|copy|lose|forget|ring|quote|have|with|kip|rayt|yuz|sho|gi|los)';
/** "Keep it.", "please write this down", "with it you can see how it stands", "it is safe with me". */
const aboutIt = new RegExp(`^${openers}(?:${handling}\\b(?: \\S+){0,4}? ${pointing}\\b|${pointing}\\b)`, 'u');
/** "Is that right?", "did you write it down?"; "was it on Monday?" asks about what happened. */
const asksAboutIt =
  /^(?:is|was|na) (?:it|this|that|dis|dat) (?:right|correct|ok|okay|all right|clear|fine|good|true|korekt)\b|^(?:do|did|can|could|have|will|don) (?:you|yu) (?:\S+ ){0,2}(?:see|saw|write|written|wrote|keep|kept|note|noted|save|saved|got|get|have|find|read|copy|copied|understand) (?:it|this|that|them|am)\b/u;
/** "That must have been hard" speaks of what the citizen told. */
const kind =
  /\b(?:hard|difficult|painful|sad|sorry|unfair|frightening|terrible|awful|upsetting|happened|not right|at os|bad)\b/u;
const LONGEST = 140;

/** Whether a sentence means nothing without the one before it. */
const dangles = (sentence: string): boolean => {
  const plain = plainSentence(sentence).replace(/^[^\p{L}\p{N}]+/u, '');
  if (plain.length > LONGEST || kind.test(plain)) return false;
  return plain.trimEnd().endsWith('?') ? asksAboutIt.test(plain) : aboutIt.test(plain);
};

/** "Here is your number:" leads to what was taken out. */
const leadsIn = (sentence: string): boolean =>
  sentence.trimEnd().endsWith(':') || /^\s*(?:here|below|ya) (?:is|are|na)\b[^?]{0,80}$/iu.test(sentence);

/** A sentence that goes on from one that is not there begins anew. */
const begunAnew = (sentence: string): string =>
  sentence.replace(
    /^(\s*)(?:and|but|so|then|also|however|therefore|ɛn|bɔt),? (?!far|much|many|that|long|sorry)(\p{L})/iu,
    (_whole, space: string, letter: string) => space + letter.toUpperCase(),
  );

/**
 * The sentences that stand by themselves, in order: without those that were taken out, those that speak of nothing without them, and
 * the words that only led to them.
 */
export const readable = (pieces: readonly Piece[]): readonly string[] => {
  const rest: string[] = [];
  let afterCut = false;
  for (const { text, isCut } of pieces) {
    if (isCut) {
      const last = rest.at(-1);
      if (!afterCut && last !== undefined && leadsIn(last)) rest.pop();
      afterCut = true;
    } else if (text.trim() === '') {
      rest.push(text);
    } else if (!afterCut || !dangles(text)) {
      rest.push(afterCut ? begunAnew(text) : text);
      afterCut = false;
    }
  }
  return rest;
};
