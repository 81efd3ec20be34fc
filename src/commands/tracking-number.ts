import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

// The tracking number (domain.md section 6): `OMB-XXXX-XXXX-XXXC`, 11 random Crockford base-32 symbols and one check symbol.
// It tells nothing (no year, office or sequence) and is a locator, not a secret: content needs the access key as well.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'OMB';
const RANDOM_SYMBOLS = 11;
const LENGTH = RANDOM_SYMBOLS + 1;
const CHECK_MODULUS = 37;

const blockedWords: readonly string[] = z
  .object({ words: z.array(z.string().min(1)) })
  .parse(JSON.parse(readFileSync(new URL('./tracking-number-blocklist.json', import.meta.url), 'utf8'))).words;

/** A text as Crockford symbols: upper case, no spaces, dashes or other marks, I and L read as 1, O as 0. */
export const toCrockford = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}.:_#/]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');

/** Value of the symbols as one number, modulo 37. Needs symbols of the alphabet only. */
const checkValue = (symbols: string): number =>
  Array.from(symbols).reduce((sum, symbol) => (sum * 32 + alphabet.indexOf(symbol)) % CHECK_MODULUS, 0);

/**
 * The check symbol of 11 symbols.
 * @returns undefined when the check value lies outside the alphabet: such a number is never given
 */
export const checkSymbolOf = (symbols: string): string | undefined => alphabet[checkValue(symbols)];

const formatted = (symbols: string): string =>
  `${PREFIX}-${symbols.slice(0, 4)}-${symbols.slice(4, 8)}-${symbols.slice(8)}`;

/**
 * Draws a new number. Draws without a check symbol or with a bad word in them are thrown away.
 * @param chance gives so many random bytes
 */
export const drawTrackingNumber = (chance: (bytes: number) => Buffer = randomBytes): string => {
  for (;;) {
    const symbols = Array.from(chance(RANDOM_SYMBOLS), (byte) => alphabet.charAt(byte & 31)).join('');
    const check = checkSymbolOf(symbols);
    if (check === undefined) continue;
    const whole = symbols + check;
    if (!blockedWords.some((word) => whole.includes(word))) return formatted(whole);
  }
};

/**
 * Reads a number as people write it: any case, spaces or dashes, I or L for 1, O for 0, with or without `OMB`.
 * @returns the number in its one form, or undefined when it is none or has a typing error
 */
export const parseTrackingNumber = (text: string): string | undefined => {
  if (text.length > 64) return undefined;
  const read = toCrockford(text);
  const symbols = read.length === LENGTH + PREFIX.length && read.startsWith('0MB') ? read.slice(PREFIX.length) : read;
  if (symbols.length !== LENGTH || !Array.from(symbols).every((symbol) => alphabet.includes(symbol))) return undefined;
  return checkSymbolOf(symbols.slice(0, RANDOM_SYMBOLS)) === symbols.at(-1) ? formatted(symbols) : undefined;
};

/** What is most likely wrong with a number that `parseTrackingNumber` does not take. */
export type TrackingSlip = 'too_short' | 'too_long' | 'strange_symbol' | 'mistyped';

/** Looks at the form alone: nothing of it tells whether a number exists. */
export const slipIn = (text: string): TrackingSlip => {
  const read = toCrockford(text.slice(0, 200));
  const symbols = read.startsWith('0MB') ? read.slice(PREFIX.length) : read;
  if (!Array.from(symbols).every((symbol) => alphabet.includes(symbol))) return 'strange_symbol';
  if (symbols.length < LENGTH) return 'too_short';
  return symbols.length > LENGTH ? 'too_long' : 'mistyped';
};

/**
 * The key under which a number is stored and found: HMAC-SHA256, lower-case hex.
 * @param pepper secret of the deployment
 * @param trackingNumber in its one form, as `parseTrackingNumber` gives it
 */
export const lookupKey = (pepper: Buffer | string, trackingNumber: string): string =>
  createHmac('sha256', pepper).update(trackingNumber).digest('hex');

const separator = '[\\s\\p{Pd}.:_#]*';
const prefixed = new RegExp(
  `(?<![\\p{L}\\p{N}])[O0]MB${separator}(?:[0-9A-Z]${separator}){${LENGTH}}(?![0-9A-Z])`,
  'giu',
);
/** Without the prefix: three groups of four, or twelve symbols in a row. */
const bare = /(?<![\p{L}\p{N}])[0-9A-Z]{4}[\s\p{Pd}]?[0-9A-Z]{4}[\s\p{Pd}]?[0-9A-Z]{4}(?![\p{L}\p{N}])/giu;

const isPlausible = (candidate: string): boolean => /\d/.test(candidate) && /\p{L}/u.test(candidate);

/**
 * The first valid tracking number within a text.
 * Without its prefix a number counts only with a digit and a letter in it, so that words and phone numbers are left alone.
 * @returns the number in its one form, or undefined
 */
export const findTrackingNumberIn = (text: string): string | undefined => {
  const candidates = [
    ...[...text.matchAll(prefixed)].map(([match]) => match),
    ...[...text.matchAll(bare)].map(([match]) => match).filter(isPlausible),
  ];
  return candidates.map(parseTrackingNumber).find((number) => number !== undefined);
};

/** The text with everything that is meant as a tracking number and carries its prefix blanked out; its length stays. */
export const withoutPrefixedNumbers = (text: string): string =>
  text.replace(prefixed, (match) => ' '.repeat(match.length));

/** The text with valid numbers that stand there without a prefix blanked out; its length stays. */
export const withoutBareNumbers = (text: string): string =>
  text.replace(bare, (match) =>
    isPlausible(match) && parseTrackingNumber(match) !== undefined ? ' '.repeat(match.length) : match,
  );

const meant = /(?<![\p{L}\p{N}])[O0]MB(?=(?:[\s\p{Pd}]?[A-Z]){0,11}[\s\p{Pd}]?\d)/iu;

/** Whether a text holds something that is meant as a number of this office, right or mistyped. */
export const looksLikeTrackingNumber = (text: string): boolean => meant.test(text);
