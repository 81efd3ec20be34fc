/** Words that carry no intent of their own at the start or the end of what someone says. */
const politeStart =
  /^(?:(?:ok|okay|please|pls|plz|well|so|oh|um|eh|and|but|then|hi|hello|hey|kushɛ|kushe|kusheh|leoma|actually|sorry|dear|sir|madam|ma) )+/u;
// "What now?" would be no more than "what?" without its end.
const politeEnd = /(?: (?:please|pls|plz|thanks|thank you|tɛnki|tenki|leoma|(?<!^what )now|sir|madam|ma|ya|o))+$/u;

/** Lower case, no accents or punctuation, single blanks: what patterns are written against. Krio letters stay. */
export const normalise = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’`]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Krio letters as people type them on a plain keyboard: ɔ as o, ɛ as e, ŋ as n. */
export const fold = (text: string): string => text.replace(/ɔ/gu, 'o').replace(/ɛ/gu, 'e').replace(/ŋ/gu, 'n');

/** The normalised text with Krio letters folded, and "nɔ" however it is spelt. */
export const plain = (text: string): string => fold(normalise(text)).replace(/\b(?:nor|noh)\b/gu, 'no');

/** The normalised text, with Krio letters folded, without "please", "hello", "thank you" and the like around it; never empty when there was a word. */
export const core = (text: string): string => {
  const whole = plain(text);
  const short = whole.replace(politeStart, '').replace(politeEnd, '').trim();
  return short === '' ? whole : short;
};

/** How many words the text has; numbers count. */
export const wordCount = (text: string): number => {
  const whole = normalise(text);
  return whole === '' ? 0 : whole.split(' ').length;
};

/** Sentences of a text, trimmed, in order. */
export const sentences = (text: string): string[] =>
  text
    .split(/(?<=[.!?])\s+|\n+/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Krio words as they stand in the patterns, and as they are spelt by people who write English at school. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\bfo\b/gu, 'for?'],
  [/\bde\b/gu, '(?:de|dey|dae)'],
  [/\bposin\b/gu, '(?:posin|pesin|person)'],
  [/\bkomplen\b/gu, '(?:komplen|complain|complaint)'],
  [/\bnem\b/gu, '(?:nem|name)'],
  [/\btok\b/gu, '(?:tok|talk)'],
  [/\bansa\b/gu, '(?:ansa|answer)'],
];
const spelt = (words: string): string => spellings.reduce((all, [word, ways]) => all.replace(word, ways), words);

/**
 * A pattern that must cover the whole of `core(text)`: alternatives of plain words, with `|`, groups and `?` of regular
 * expressions. Krio letters in them stand for the plain ones too. Written once at load, never from what a citizen types.
 */
export const whole = (...alternatives: readonly string[]): RegExp =>
  new RegExp(`^(?:${spelt(fold(alternatives.join('|')))})$`, 'u');
