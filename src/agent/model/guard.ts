import { parseTrackingNumber } from '../../commands/tracking-number.js';
import { OWN_NUMBER } from './mask.js';
import { isWrittenIn } from './tools/own-words.js';

// What the model says is checked before it is recorded. The checks are of words, in English and a little Krio: they catch what
// goes wrong often, not everything (docs/language-model.md). What matters by law is shown by the program itself.

/** What is wrong with a text of the model; recorded with the reply. */
export type Correction = 'claims_filed' | 'number' | 'key' | 'contact' | 'link' | 'promise' | 'too_long';

export interface GuardGiven {
  /** A filing may be spoken of: the complaint is filed, or none is being written and an earlier one is spoken of. */
  readonly filed: boolean;
  readonly ownNumber: string | null;
  /** What the citizen wrote; what they wrote themselves may be said back to them. */
  readonly said: readonly string[];
  readonly maxChars: number;
  /** The program's own words. */
  readonly words: { readonly notFiled: string; readonly noPromise: string };
}

export interface Guarded {
  readonly text: string;
  readonly corrected: readonly Correction[];
}

const trackingNumbers = /(?<![\p{L}\p{N}])[O0]MB[\s\p{Pd}.:_#]*(?:[0-9A-Z][\s\p{Pd}.:_]?){8,16}(?![\p{L}\p{N}])/giu;
const accessKeys = /(?<![\p{L}\p{N}-])(?=[0-9A-Z\p{Pd} ]*\d)[0-9A-Z]{4}(?:[\p{Pd} ][0-9A-Z]{4}){3}(?![\p{L}\p{N}-])/gu;
const images = /!?\[([^\]\n]{0,200})\]\([^)\n]{0,2000}\)/gu;
const links =
  /\b(?:https?:\/\/|www\.)\S+|\b[\p{L}\p{N}-]{2,}\.(?:com|net|org|info|xyz|io|ru|top|site|online|sl)\b(?:\/\S*)?/giu;
const emails = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu;
const phones = /(?<![\p{L}\p{N}-])(?:\+|00?|232[\s-]?)\d[\d\s().-]{5,17}\d(?![\p{L}\p{N}])/gu;

const filedWords =
  /\b(?:complaint|case|report|it|this|everything|kɔmplen)\s+(?:(?:has|have) been|is|was|are|dɔn)\s+(?:(?:now|already|successfully|officially|safely|just)\s+)*(?:filed|submitted|lodged|registered|sent (?:in|off|to the (?:office|ombudsman))|fayl)\b|\bI(?:['’]ve| have|'ve)?\s+(?:(?:now|already|just|successfully)\s+)*(?:filed|submitted|lodged|registered)\b|\b(?:filed|submitted|lodged) (?:your|the) complaint\b|\bdɔn fayl\b/iu;
const notYet =
  /\b(?:once|when|whenever|until|unless|before|after|if|as soon as|will be|can be|to be|not|cannot|can't|want|nɔ|we|bifo|afta|would you like|shall|should|ready to)\b/iu;
const promises =
  /\b(?:I|we|the office|they)\s+(?:can\s+)?(?:promise|guarantee)\b|\bguaranteed\b|\byou will (?:definitely |certainly |surely |soon )?(?:get|receive|win|be (?:paid|compensated|refunded|reinstated))\b|\b(?:within|in) (?:the next )?(?:\d+|one|two|three|four|five|six|seven|ten|a few|a) (?:working |business )?(?:days?|weeks?|months?|hours?)\b|\bwill (?:definitely |certainly |surely )?be (?:punished|arrested|dismissed|fired|jailed|solved|resolved|fixed|prosecuted)\b/iu;
const denies = /\b(?:cannot|can't|can not|could not|not|never|no|nobody)\b/iu;

/** Sentences with the white space around them, so that what is left can be put together again. */
const pieces = (text: string): string[] => text.split(/(?<=[.!?…])(?=\s)|(?=\n)/u);

const claimsFiled = (sentence: string): boolean => {
  const found = filedWords.exec(sentence);
  return (
    found !== null && !notYet.test(sentence.slice(0, found.index + found[0].length).replace(/\bwe\b(?= have)/iu, ''))
  );
};
const promisesSomething = (sentence: string): boolean => {
  const found = promises.exec(sentence);
  return found !== null && !denies.test(sentence.slice(0, found.index + found[0].length));
};

interface Work {
  text: string;
  readonly corrected: Set<Correction>;
}

/** Replaces what a pattern finds, unless the citizen wrote it. */
const replaceIn = (
  work: Work,
  pattern: RegExp,
  correction: Correction,
  by: (found: string) => string | undefined,
): void => {
  work.text = work.text.replace(pattern, (found: string) => {
    const other = by(found);
    if (other === undefined) return found;
    work.corrected.add(correction);
    return other;
  });
};

const numbersAndLinks = (work: Work, { ownNumber, said }: GuardGiven): void => {
  const theirs = (found: string): boolean => isWrittenIn(found, said);
  replaceIn(work, images, 'link', (found) => found.replace(images, '$1'));
  replaceIn(work, links, 'link', () => '');
  replaceIn(work, emails, 'contact', (found) => (theirs(found) ? undefined : ''));
  replaceIn(work, accessKeys, 'key', () => '');
  replaceIn(work, trackingNumbers, 'number', (found) => {
    if (theirs(found) || (ownNumber !== null && parseTrackingNumber(found) === ownNumber)) return undefined;
    return ownNumber ?? '';
  });
  replaceIn(work, phones, 'contact', (found) => (theirs(found) ? undefined : ''));
};

/** Invisible marks and control characters, which could hide something or turn the reading direction. */
const printable = (text: string): string => text.replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, '').replace(/\t/gu, ' ');

/** A checked text as the citizen reads it: with their own number where the model wrote its mark. */
export const spoken = ({ ownNumber }: Pick<GuardGiven, 'ownNumber'>, text: string): string =>
  printable(text).replaceAll(OWN_NUMBER, ownNumber ?? '');

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

/**
 * The model's words as they may be recorded: claims of a filing that is none are taken out and the truth put in their place,
 * foreign numbers, keys, addresses and links are taken out, a promise gets a sentence that takes it back. Pure.
 */
export const guard = (given: GuardGiven, text: string): Guarded => {
  const work: Work = { text: printable(text).trim(), corrected: new Set() };
  numbersAndLinks(work, given);
  const sentences = pieces(work.text);
  const kept = given.filed ? sentences : sentences.filter((sentence) => !claimsFiled(sentence));
  if (kept.length < sentences.length) work.corrected.add('claims_filed');
  if (kept.some(promisesSomething)) work.corrected.add('promise');
  const said = kept
    .join('')
    .replace(/[ \t]{2,}/gu, ' ')
    .trim();
  if (said.length > given.maxChars) work.corrected.add('too_long');
  const added = [
    ...(work.corrected.has('claims_filed') ? [given.words.notFiled] : []),
    ...(work.corrected.has('promise') ? [given.words.noPromise] : []),
  ];
  return {
    text: spoken(given, [cut(said, given.maxChars), ...added].filter((part) => part !== '').join('\n\n')),
    corrected: [...work.corrected],
  };
};
