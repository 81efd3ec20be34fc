import { fold } from '../guided/text-matching.js';

// How the guard reads a sentence: lower case, Krio letters folded, short forms written out, taken apart into clauses of words.

/** A part of a sentence with one statement in it. */
export interface Clause {
  readonly words: readonly string[];
  /** The same with blanks between. */
  readonly text: string;
  /** It is a question in its form, not only by a mark at its end: "it is filed, okay?" tells. */
  readonly asks: boolean;
  /** Joined to the one before by "and", "or" or "that", without a subject of its own: what holds there holds here. */
  readonly goesOn: boolean;
}

const shortForms: readonly (readonly [RegExp, string])[] = [
  [/[‘’ʼ`´]/gu, "'"],
  // Marks of emphasis may stand within a word.
  [/[*_~^#>|]+/gu, ''],
  [/\bcan(?:'t|not|t)\b/gu, 'can not'],
  [/\bwon'?t\b/gu, 'will not'],
  [/\b(do|does|did|has|have|had|is|are|was|were|would|could|should|must|need)n'?t\b/gu, '$1 not'],
  [/\b(i|you|we|they)'ve\b/gu, '$1 have'],
  [/\b(\p{L}+)'ll\b/gu, '$1 will'],
  [/\b(you|we|they)'re\b/gu, '$1 are'],
  [/\bi'?m\b/gu, 'i am'],
  [/\b(it|that|this|everything|all|he|she|there|what|who|nothing|complaint|case|report|money|officer)'s\b/gu, '$1 is'],
  [/\b(i|you|we|they|he|she)'d\b/gu, '$1 would'],
  [/\b(?:nor|noh)\b/gu, 'no'],
  [/\b(?:gonna|gon)\b/gu, 'going to'],
];

/** A sentence as the patterns of the guard are written against it. */
export const plainSentence = (sentence: string): string =>
  shortForms.reduce(
    (text, [form, whole]) => text.replace(form, whole),
    fold(sentence.normalize('NFKC').toLowerCase()).replace(/\s+/gu, ' '),
  );

const breaks =
  /[,;:()"“”„!?.…\n]+(?=\s|$)|[,;:()"“”„!?…]+|\s[-–—]+\s|[–—]+|\s+(?=(?:and|but|so|then|or|en|bot|because|bikos)\s)/u;
const asking =
  /^(?:(?:and|but|so|or|en|bot|please|ok|okay) )*(?:has|have|had|is|are|was|were|did|do|does|will|would|shall|should|can|could|may|when|where|who|whom|which|what|why|how|whether|ustem|usay|udat|wetin|aw|us)\b/u;
const joining = /^(?:and|or|en|that|then)$/u;
/** Words that may begin a clause without being its subject. */
const verbal =
  /^(?:has|have|had|is|are|was|were|be|been|now|also|already|then|even|just|safely|successfully|officially|finally|\p{L}+ed|sent|told|don|fayl|sabmit|that)$/u;

/** The clauses of a sentence, in order. */
export const clausesOf = (sentence: string): readonly Clause[] => {
  const plain = plainSentence(sentence);
  const question = plain.trimEnd().endsWith('?');
  return plain.split(breaks).flatMap((part): readonly Clause[] => {
    const words = part.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'-]*/gu) ?? [];
    const [first = '', second = ''] = words;
    if (first === '') return [];
    const text = words.join(' ');
    return [
      {
        ...{ words, text },
        asks: question && asking.test(text),
        goesOn: first === 'that' || (joining.test(first) && (verbal.test(second) || words.length === 1)),
      },
    ];
  });
};
