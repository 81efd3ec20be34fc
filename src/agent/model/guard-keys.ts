// What a model might make up as an access key: sixteen symbols, mostly in groups of four. No key ever passes through a model, so every
// one that the citizen did not write is invented. Words must not be taken for one, so groups of letters need more signs than those
// with a digit among them.

/** Between two groups: a dash, a dot, a stroke or a blank. */
const gap = String.raw`(?:\s?[\p{Pd}.·•_/:|]\s?|\s)`;
const before = String.raw`(?<![\p{L}\p{N}\p{Pd}])`;
const after = String.raw`(?![\p{L}\p{N}]|\p{Pd}[\p{L}\p{N}])`;
const pattern = (body: string, flags = 'gu'): RegExp => new RegExp(`${before}${body}${after}`, flags);

/** The alphabet of keys has neither I, L, O nor U: hardly any four words of four letters do without all of them. */
const symbol = '[0-9A-HJKMNP-TV-Z]';

const certain: readonly RegExp[] = [
  // A digit somewhere, in capitals.
  pattern(String.raw`(?=[0-9A-Z\p{Pd}.·•_/:|\s]*\d)[0-9A-Z]{4}(?:${gap}[0-9A-Z]{4}){3}`),
  // Letters alone: joined by more than a blank in capitals, or of the alphabet of keys in any case.
  pattern(String.raw`[A-Z]{4}(?:[\p{Pd}_·•|][A-Z]{4}){2,}`),
  pattern(`${symbol}{4}(?:${gap}${symbol}{4}){3}`),
  pattern(String.raw`${symbol}{4}(?:\p{Pd}${symbol}{4}){3}`, 'giu'),
  pattern(`${symbol}{16}`, 'giu'),
  // Spelt out, symbol by symbol.
  pattern(String.raw`[0-9A-Z](?:[\s\p{Pd}.,]{1,2}[0-9A-Z]){11,}`),
];

const speaksOfKey = /\b(?:key|ki|kod|code|passcode|password|paswod|secret)\b/iu;
/** Where a key is spoken of, also in small letters and in other groups. */
const named: readonly RegExp[] = [
  pattern(String.raw`[0-9\p{L}]{4}(?:[\p{Pd}_·•|][0-9\p{L}]{4}){2,}`),
  pattern(`[0-9A-Z]{4}(?:${gap}[0-9A-Z]{4}){2,}`),
  pattern(String.raw`(?:[0-9A-Z]{2,8}\p{Pd}){2,}[0-9A-Z]{2,8}`),
  pattern('[0-9A-Z]{12,}'),
];

/** Whatever in a sentence may be read as an access key. */
export const accessKeysIn = (sentence: string): readonly string[] =>
  [...certain, ...(speaksOfKey.test(sentence) ? named : [])].flatMap((one) => sentence.match(one) ?? []);
