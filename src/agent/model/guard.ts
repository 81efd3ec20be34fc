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

const trackingNumbers =
  /(?<![\p{L}\p{N}])[O0]MB[\s\p{Pd}.:_#]*(?:[0-9A-Z][\s\p{Pd}.:_]?){7,15}[0-9A-Z](?![\p{L}\p{N}])/giu;
const accessKeys = /(?<![\p{L}\p{N}-])(?=[0-9A-Z\p{Pd} ]*\d)[0-9A-Z]{4}(?:[\p{Pd} ][0-9A-Z]{4}){3}(?![\p{L}\p{N}-])/gu;
const images = /!?\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)/u;
const links =
  /\b(?:https?:\/\/|www\.)\S+|\b[\p{L}\p{N}-]{2,}\.(?:com|net|org|info|xyz|io|ru|top|site|online|sl)\b(?:\/\S*)?/iu;
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

interface Judged {
  /** Empty: the sentence is taken out. */
  readonly text: string;
  readonly corrections: readonly Correction[];
}

const strange = (sentence: string, { ownNumber, said }: GuardGiven): readonly Correction[] => {
  const foreign = (pattern: RegExp): boolean =>
    (sentence.match(pattern) ?? []).some((found) => !isWrittenIn(found, said));
  const isOwn = (found: string): boolean => ownNumber !== null && parseTrackingNumber(found) === ownNumber;
  const numbers = (sentence.match(trackingNumbers) ?? []).filter((found) => !isOwn(found) && !isWrittenIn(found, said));
  return [
    ...(images.test(sentence) || links.test(sentence) ? (['link'] as const) : []),
    ...(foreign(accessKeys) ? (['key'] as const) : []),
    ...(numbers.length > 0 ? (['number'] as const) : []),
    ...(foreign(emails) || foreign(phones) ? (['contact'] as const) : []),
  ];
};

/** What may stand of one sentence: all of it, all of it with the citizen's own number put right, or nothing. */
const judge = (sentence: string, given: GuardGiven): Judged => {
  const corrections = [
    ...strange(sentence, given),
    ...(!given.filed && claimsFiled(sentence) ? (['claims_filed'] as const) : []),
    ...(promisesSomething(sentence) ? (['promise'] as const) : []),
  ];
  const { ownNumber } = given;
  if (ownNumber !== null && corrections.length === 1 && corrections[0] === 'number')
    return { text: sentence.replace(trackingNumbers, ownNumber), corrections };
  return { text: corrections.length === 0 ? sentence : '', corrections };
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
 * The model's words as they may be recorded: sentences that claim a filing that is none, promise something, or hold foreign
 * numbers, keys, addresses or links are taken out, and the truth is put in their place. Pure.
 */
export const guard = (given: GuardGiven, text: string): Guarded => {
  const judged = pieces(printable(text).trim()).map((sentence) => judge(sentence, given));
  const corrected = new Set(judged.flatMap(({ corrections }) => corrections));
  const said = judged
    .map((one) => one.text)
    .join('')
    .replace(/[ \t]{2,}/gu, ' ')
    .trim();
  if (said.length > given.maxChars) corrected.add('too_long');
  const added = [
    ...(corrected.has('claims_filed') ? [given.words.notFiled] : []),
    ...(corrected.has('promise') ? [given.words.noPromise] : []),
  ];
  return {
    text: spoken(given, [cut(said, given.maxChars), ...added].filter((part) => part !== '').join('\n\n')),
    corrected: [...corrected],
  };
};
