import { fold } from '../guided/text-matching.js';
import { ongoing, verbs } from './guard-words.js';

// Where in a sentence something begins that the guard may object to. Up to there its words can be shown while they come; from there on
// the sentence is held back until it is whole and judged. A list too long only costs a moment; a word that is missing here is still
// judged at the end of its sentence.

const words = new Set([
  ...[...verbs.keys(), ...ongoing.keys()].filter((word) => !word.startsWith('x')),
  ...'gone went reached system record hands way process complete complaint komplen coming joining here taking reading'.split(
    ' ',
  ),
  ...'looking working reviewing handling komot rob dilit file submit register lodge rejista taken submission'.split(
    ' ',
  ),
  ...'registration confirmed review investigation case'.split(' '),
  ...'know knows aware let put took ofis ofisa ombudsman posin should brought gave given got laid sits lies rests completed finished pressed clicked hit always never pulled arranged organised organized kam rich count rely forward'.split(
    ' ',
  ),
  ...'will shall gonna going go promise promis guarantee guaranteed assure assured swear swe vow word certify'.split(
    ' ',
  ),
  ...'sure certain bound doubt fail expect take takes within due ready soon tomorrow week weeks day days month'.split(
    ' ',
  ),
  ...'months most maximum tumara help justice'.split(' '),
  ...'monday tuesday wednesday thursday friday saturday sunday'.split(' '),
  ...'pay pe money moni leones leone le nle sll fee fees charge charges cost costs kost payment deposit airtime'.split(
    ' ',
  ),
  ...'pin pins password passwords paswod passcode otp cvv code codes card account bank login secret sikrit kopo'.split(
    ' ',
  ),
  ...'bribe dollars afrimoney orange donation contribution token tip something one-time one verification'.split(' '),
  ...'real rial human woman uman lady officer person answers ansa robot machine mashin bot computer'.split(' '),
  ...'kompyuta program ai lawyer investigator clerk employee staff'.split(' '),
  ...'chance chances hope prospect prospects'.split(' '),
  ...'key keys ki kod passcode'.split(' '),
  ...'omb 0mb price atm id bvn mobile security registration topup top'.split(' '),
]);
const beginnings = new Set([...words].flatMap((word) => Array.from(word, (_letter, at) => word.slice(0, at + 1))));

const token =
  /\d|[@[]|(?<=\p{L}\.)\p{L}|(?<=[\p{L}\p{M}])['’]ll|(?<![\p{L}\p{N}])(?:https?:|www\.|[0-9A-Z]{4}(?![\p{L}\p{N}])|[\p{L}\p{M}]+)/gu;

/** The longest that a text may have to be held back only because a word in it may go on. */
const LONGEST = 16;

/**
 * Where the first risky place of a text begins; undefined: nowhere. A word at the open end is left to `unfinishedAt`.
 * @param context characters before it, which tell whether a word begins
 * @param ends nothing of the sentence follows
 */
export const riskIn = (context: string, text: string, ends: boolean): number | undefined => {
  const whole = context + text;
  for (const { index, 0: found } of whole.matchAll(token)) {
    const until = index + found.length;
    const isWord = /^[\p{L}\p{M}]+$/u.test(found);
    const isOpen = isWord && until === whole.length && !ends && whole[index - 1] !== '.';
    if (until <= context.length || isOpen) continue;
    const isRisky =
      !isWord ||
      /^(?:[A-Z]{4}|[A-Z]{12,})$/u.test(found) ||
      words.has(fold(found.toLowerCase())) ||
      whole[index - 1] === '.';
    if (isRisky) return Math.max(0, index - context.length);
  }
  return undefined;
};

/** How many characters at the end of a text may be the beginning of something risky, or of white space to be left out. */
export const unfinishedAt = (context: string, text: string): number => {
  const end = (context + text).slice(-LONGEST);
  const held =
    /(?<=[\p{L}\p{M}])['’]l$/u.exec(end)?.[0] ??
    /(?<![\p{L}\p{N}\p{M}])[\p{L}\p{M}]+$/u.exec(end)?.[0] ??
    /(?:['’]l?|\s+|[\uD800-\uDBFF])$/u.exec(end)?.[0] ??
    '';
  const isWord = /^[\p{L}\p{M}]+$/u.test(held);
  const kept = !isWord || beginnings.has(fold(held.toLowerCase())) || /^(?:[A-Z]{1,16}|ht?t?p?s?|w{1,3})$/u.test(held);
  return kept ? Math.min(held.length, text.length) : 0;
};
