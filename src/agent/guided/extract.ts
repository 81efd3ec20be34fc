import { introducedName } from './names.js';
import { normalise } from './text-matching.js';

/** What a citizen may write about themselves in free text. */
export interface Contact {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
}

const emailPattern = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/u;
// Sierra Leone and international forms: +232 76 123456, 076-123456, 00232…; a bare run of digits without + or 0 is no phone, nor is a date.
const phonePattern =
  /(?<![\p{L}\p{N}-])(?!(?:0[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d(?!\d))(?:\+|00?|232[\s-]?)\d[\d\s()./-]{5,17}\d(?![\p{L}\p{N}])/u;
/** Every e-mail address and every telephone number in a text. */
export const emails = new RegExp(emailPattern, 'gu');
export const phones = new RegExp(phonePattern, 'gu');
// The prefix with what follows it, however it is spaced; or three groups of four with a digit somewhere.
const withPrefix = /(?<![\p{L}\p{N}])[o0]mb(?:[\s\-–—:#.]*[a-z0-9*~$=]){4,16}(?![\p{L}\p{N}])/iu;
const threeGroups = /(?<![\p{L}\p{N}-])[a-z0-9]{4}([- ])[a-z0-9]{4}\1[a-z0-9]{4}(?![\p{L}\p{N}-])/iu;
const oneGroup = /(?<![\p{L}\p{N}-])(?=[a-z]*\d)[a-z0-9]{12}(?![\p{L}\p{N}-])/iu;

/**
 * The first thing in a text that is meant as a tracking number, as it was written. Whether it is one is the parser's
 * business: a mistyped number is found here too.
 */
export const trackingNumberIn = (text: string): string | undefined => {
  const prefixed = withPrefix.exec(text)?.[0];
  // "omb" followed only by words ("omb udsman office") is no number.
  if (prefixed !== undefined && /\d|\p{Pd}/u.test(prefixed.slice(3))) return trimWords(prefixed);
  const grouped = threeGroups.exec(text)?.[0];
  // "over 6500 jobs" is none: dashes, or digits in two of the groups.
  if (grouped !== undefined && !/^[\d ]+$/u.test(grouped)) {
    const withDigits = grouped.split(/[- ]/u).filter((group) => /\d/u.test(group)).length;
    if (withDigits > 1 || (withDigits === 1 && grouped.includes('-'))) return grouped;
  }
  const single = oneGroup.exec(text)?.[0];
  return single !== undefined && /[a-z]/iu.test(single) ? single : undefined;
};

/** Cuts words that a greedy match took along: a number ends after its twelfth symbol. */
const trimWords = (match: string): string => {
  let symbols = 0;
  for (let i = 3; i < match.length; i += 1) {
    if (/[a-z0-9*~$=]/iu.test(match.charAt(i))) symbols += 1;
    const next = match.charAt(i + 1);
    if (symbols >= 12 && (next === '' || /[\s\-–—:#.]/u.test(next))) return match.slice(0, i + 1);
  }
  return match;
};

/** E-mail address in the text, lower-cased domain left as written. */
export const emailIn = (text: string): string | undefined => emailPattern.exec(text)?.[0];

/** Telephone number in the text: 8 to 15 digits that begin with +, 0 or 232; digits and a leading + are kept. */
export const phoneIn = (text: string): string | undefined => {
  const found = phonePattern.exec(text)?.[0];
  if (found === undefined) return undefined;
  const digits = found.replace(/[^\d+]/gu, '');
  const count = digits.replace('+', '').length;
  return count >= 8 && count <= 15 ? digits : undefined;
};

const tidy = (name: string): string => name.replace(/[\s.,;:-]+$/u, '').trim();

const notNames =
  /\b(?:the|a|an|is|are|was|my|i|it|they|he|she|police|office|minister|ministry|want|file|complaint|because|please|not|no|yes|what|why|how|when|where|who)\b/u;

/**
 * What is left of a text as a name, when the assistant has just asked for one: one to five words of letters, after
 * telephone, e-mail and introducing words are taken away.
 */
export const bareName = (text: string): string | undefined => {
  const rest = text
    .replace(emailPattern, ' ')
    .replace(phonePattern, ' ')
    .replace(
      /\b(?:my name and (?:phone|number)|(?:my )?(?:full )?name|(?:my )?(?:phone|telephone|tel|mobile|cell|contact|whatsapp|e-?mail)(?: (?:number|address))?|number)\b\s*(?:is|:)?/giu,
      ' ',
    )
    .replace(/\b(?:i am|i'm|its|it is|call me|and|mi nem na)\b/giu, ' ')
    .replace(/[,;:|/()]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const name = tidy(rest);
  if (name === '' || name.length > 80 || !/^[\p{L}][\p{L}\p{M}'’.\- ]*$/u.test(name)) return undefined;
  if (name.split(' ').length > 5 || notNames.test(normalise(name))) return undefined;
  return name;
};

const compact = (contact: {
  name: string | undefined;
  phone: string | undefined;
  email: string | undefined;
}): Contact => ({
  ...(contact.name === undefined ? {} : { name: contact.name }),
  ...(contact.phone === undefined ? {} : { phone: contact.phone }),
  ...(contact.email === undefined ? {} : { email: contact.email }),
});

/**
 * Name, telephone and e-mail in a text.
 * @param asked `true` when the assistant has just asked who the citizen is: then plain words may be the name.
 */
export const contactIn = (text: string, asked: boolean): Contact => {
  const phone = phoneIn(text);
  const email = emailIn(text);
  const name = introducedName(text) ?? (asked ? bareName(text) : undefined);
  return compact({ name, phone, email });
};

export const isEmptyContact = (contact: Contact): boolean =>
  contact.name === undefined && contact.phone === undefined && contact.email === undefined;

/** "… but please don't tell the hospital". */
export const secrecy =
  /\b(?:confidential(?:ly)?|secret(?:ly)?|sikrit|between us|(?:do not|don['’]?t|dont|never|nobody (?:should|must)|no(?:r|h)?|nɔ) (?:ever )?(?:tell|tɛl|tel|share|inform|show|give|gi|reveal|know|let)\b[^.!?\n]{0,60})/iu;

const fillers =
  /\b(?:my|full|name|names|is|and|phone|telephone|tel|number|mobile|cell|contact|whatsapp|e|mail|email|address|call|reach|me|on|at|or|i|am|im|it|its|here|the|you|can|mi|nem|na|please|change|changed|mind|use|put|take|add|write|with|now|instead|want|to|be|have|rather|yes|ok|okay|no|but|so|actually|give|yuz)\b/gu;

/** Whether a text tells who the writer is and hardly anything else: at most two more words. */
export const tellsOnlyWho = (text: string): boolean => {
  const contact = contactIn(text, false);
  if (isEmptyContact(contact)) return false;
  const rest = normalise(
    text
      .replace(emailPattern, ' ')
      .replace(phonePattern, ' ')
      .replace(contact.name ?? '', ' ')
      .replace(secrecy, ' '),
  )
    .replace(fillers, ' ')
    .trim();
  return rest === '' || rest.split(/\s+/u).length <= 2;
};
