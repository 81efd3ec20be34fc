import { parseTrackingNumber } from '../../commands/tracking-number.js';
import { emails, phones } from '../guided/extract.js';
import { accessKeysIn } from './guard-keys.js';
import { OWN_NUMBER } from './mask.js';
import { isWrittenIn } from './tools/own-words.js';

// What the model cannot know and has no use for: links, keys, numbers and addresses that the citizen did not write.

export type Strange = 'link' | 'key' | 'number' | 'contact';

export interface Known {
  readonly ownNumber: string | null;
  /** What the citizen wrote; what they wrote themselves may be said back to them. */
  readonly said: readonly string[];
}

const trackingNumbers =
  /(?<![\p{L}\p{N}])[O0]MB[\s\p{Pd}.:_#]*(?:[0-9A-Z][\s\p{Pd}.:_]?){7,15}[0-9A-Z](?![\p{L}\p{N}])/giu;
/** Not "Ombudsman looks at what". */
const isNumber = (found: string): boolean => /\d|\p{Pd}/u.test(found);
/** "your case number is SL/2024/118", "ticket #8812": whatever its form. */
const caseNumbers =
  /\b(?:tracking|case|reference|complaint|ticket|receipt|ref|docket|file|code|number|trakin|kes|kɔmplen|nɔmba|your|yu)[\s.:]*(?:number|no|nr|id|code|nɔmba|nomba|nomber)?[\s.:]*(?:(?:is|na|will be|bi)\b)?[\s:=#*"'“(]{0,4}((?<![\p{L}\p{N}])[\p{L}\p{N}]{0,8}(?:[\p{Pd}/._ ]?\d[\p{L}\p{N}]*){1,6})/giu;
/** Whatever looks like a number of a file, without a word that says so. */
const codes = /(?<![\p{L}\p{N}])(?:[A-Z]{2,6}[\p{Pd}/.]?\d[\p{L}\p{N}/\p{Pd}]{2,}|\d{5,})(?![\p{L}\p{N}])/gu;
const images = /!?\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)/u;
const links =
  /\b(?:https?:\/\/|www\.)\S+|\b[\p{L}\p{N}-]{2,}\.(?:com|net|org|info|xyz|io|ru|top|site|online|sl)\b(?:\/\S*)?/iu;

/** Years, days and amounts are no numbers of a case. */
const ordinary = /^(?:(?:19|20)\d\d|\d{1,3}|\p{L}+ \d{1,2})$/u;

const wrote = (found: string, said: readonly string[]): boolean =>
  isWrittenIn(found, said) ||
  (found.length >= 3 && said.some((text) => text.toLowerCase().includes(found.toLowerCase())));

const withoutOwnNumber = (sentence: string, { ownNumber }: Pick<Known, 'ownNumber'>): string =>
  ownNumber === null ? sentence : sentence.replaceAll(ownNumber, OWN_NUMBER);

const strangeNumbers = (whole: string, { ownNumber, said }: Known): boolean => {
  const sentence = withoutOwnNumber(whole, { ownNumber });
  const isOwn = (found: string): boolean => ownNumber !== null && parseTrackingNumber(found) === ownNumber;
  const named = [...sentence.matchAll(caseNumbers)].flatMap(([, found = '']) =>
    ordinary.test(found.trim()) ? [] : [found.trim()],
  );
  return [...(sentence.match(trackingNumbers) ?? []).filter(isNumber), ...(sentence.match(codes) ?? []), ...named].some(
    (found) => !isOwn(found) && !wrote(found, said),
  );
};

/** What of a sentence is not the citizen's and none of the program's. */
export const strangeIn = (sentence: string, known: Known): readonly Strange[] => {
  const isForeign = (found: string): boolean => !isWrittenIn(found, known.said);
  const foreign = (pattern: RegExp): boolean => (sentence.match(pattern) ?? []).some(isForeign);
  // There is no number yet that could stand here.
  const invented = known.ownNumber === null && sentence.includes(OWN_NUMBER);
  return [
    ...(images.test(sentence) || links.test(sentence) ? (['link'] as const) : []),
    ...(accessKeysIn(withoutOwnNumber(sentence, known)).some(isForeign) ? (['key'] as const) : []),
    ...(invented || strangeNumbers(sentence, known) ? (['number'] as const) : []),
    ...(foreign(emails) || foreign(phones) ? (['contact'] as const) : []),
  ];
};

/** The citizen's own number in the place of a wrong one. */
export const withOwnNumber = (sentence: string, ownNumber: string): string =>
  sentence.replace(trackingNumbers, (found) => (isNumber(found) ? ownNumber : found));
