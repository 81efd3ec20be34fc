import { findTrackingNumberIn, toCrockford, withoutBareNumbers, withoutPrefixedNumbers } from './tracking-number.js';

// An access key that a citizen types into the conversation is a secret, not a part of what they tell. It is taken out of the text
// before anything is recorded. Its shape is all that can be checked: 16 Crockford symbols, as a rule in four groups.

/** What stands in the text in place of a key. */
export const KEY_MASK = '••••';

export interface TakenOut {
  /** The text with a mask in place of every key. */
  readonly text: string;
  /** The first key, in its one form; absent when there was none. */
  readonly accessKey?: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Letters and digits without U, which no key has. I, L and O are read as digits. */
const symbol = '[0-9A-TV-Z]';
const dash = '[\\p{Pd}_.:/#]';
const startsHere = `(?<![\\p{L}\\p{N}@])(?<![\\p{L}\\p{N}]${dash})`;
const endsHere = `(?!${dash}?[\\p{L}\\p{N}@])`;
const dashed = new RegExp(`${startsHere}${symbol}{4}(?:\\s?${dash}\\s?${symbol}{4}){3}${endsHere}`, 'giu');
const inOneRow = new RegExp(`${startsHere}${symbol}{16}${endsHere}`, 'giu');
/** Four groups apart, or joined by whatever: looked for at every group, so that words before a key do not hide it. */
const group = new RegExp(
  `${startsHere}${symbol}{4}(?!${dash}*[\\p{L}\\p{N}@])|(?<=${dash})${symbol}{4}(?![\\p{L}\\p{N}@])`,
  'giu',
);
const apart = /^[\s\p{Pd}_.:/#]{1,3}$/u;

const digits = (text: string): number => (text.match(/\d/gu) ?? []).length;
const isRealLetter = /[A-HJKMNP-TV-Z]/iu;
/** "13th", "500k", "24hr": digits and a unit are how people write amounts. */
const amount =
  /^(?:\d+(?:st|nd|rd|th|k|m|g|l|h|s|am|pm|le|km|kg|kb|mb|gb|hr|hrs|min|day|usd|gbp|nle|ft|cm|mm|yr|yrs|pc|x)|(?:le|nle|usd|no|rm|km)\d+)$/iu;
/** A group that no word and no amount looks like: letters and digits mixed. */
const isMixed = (four: string): boolean => /\d/u.test(four) && isRealLetter.test(four) && !amount.test(four);
/** How often letters and digits take turns; a reference such as GOSL2023PAYR1234 has few of these, a key many. */
const turns = (text: string): number => (text.match(/\d(?=[a-z])|[a-z](?=\d)/giu) ?? []).length;

/** Said together with a key: then less of its shape has to be sure. */
const aboutKeys = /(?<![\p{L}])(?:keys?|ki|kii)(?![\p{L}])/iu;
const MANY_TURNS = 4;
const MIXED_GROUPS = 2;

const spansOf = (text: string, pattern: RegExp, isKey: (match: string) => boolean): Span[] =>
  [...text.matchAll(pattern)]
    .filter(([match]) => isKey(match))
    .map(({ 0: match, index }) => ({ start: index, end: index + match.length }));

const blank = (text: string, spans: readonly Span[]): string =>
  spans.reduce((rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), text);

/** Words of four letters that stand beside a key more often than in one. */
const commonWords = new Set(
  'this that with from have code here take mine them they your then open case look what when also help read show tell want been were says said note next back dear ombs sori duya dis dat wan'.split(
    ' ',
  ),
);

interface Window extends Span {
  readonly mixed: number;
  readonly withDigits: number;
  readonly common: number;
}

/** Runs of four groups that stand apart; the likeliest of those that overlap comes first. */
const windowsIn = (text: string, fewestMixed: number): Window[] => {
  const groups = [...text.matchAll(group)].map(({ 0: match, index }) => ({ match, start: index, end: index + 4 }));
  const windows = groups.flatMap((first, at): Window[] => {
    const four = groups.slice(at, at + 4);
    const joined = four.every(({ start }, i) => i === 0 || apart.test(text.slice(four[i - 1]?.end ?? 0, start)));
    const last = four[3];
    if (last === undefined || !joined) return [];
    const count = (holds: (match: string) => boolean): number => four.filter(({ match }) => holds(match)).length;
    const mixed = count(isMixed);
    const common = count((match) => commonWords.has(match.toLowerCase()));
    const withDigits = count((match) => digits(match) > 0);
    return mixed < fewestMixed ? [] : [{ start: first.start, end: last.end, mixed, common, withDigits }];
  });
  return windows.sort((a, b) => b.withDigits - a.withDigits || a.common - b.common || b.mixed - a.mixed);
};

const isDashedKey =
  (about: boolean) =>
  (match: string): boolean =>
    isRealLetter.test(match) && (digits(match) > 0 || about || match === match.toUpperCase());
const isRowKey =
  (about: boolean) =>
  (match: string): boolean =>
    isRealLetter.test(match) && (about ? digits(match) > 0 : turns(match) >= MANY_TURNS);

const fillers =
  /(?<![\p{L}\p{N}])(?:my|the|access|secret|akses|sikrit|keys?|ki|is|na|mi|di|and|ɛn|an|here|ya|with|wit|number|nɔmba|code)(?![\p{L}\p{N}])/giu;
/** A message that is nothing but 16 symbols in equal small groups ("ab cd 12 …"), spelled out for somebody. */
const spelled = (text: string): Span[] => {
  const rest = text.replace(fillers, (match) => ' '.repeat(match.length));
  const start = rest.search(/[\p{L}\p{N}]/u);
  const found = rest.slice(start < 0 ? 0 : start).replace(/[^\p{L}\p{N}]+$/u, '');
  const parts = found.split(/[\s\p{Pd}_.:/#,]+/u);
  const even = parts.every(({ length }) => length === parts[0]?.length) && [1, 2, 8].includes(parts[0]?.length ?? 0);
  const symbols = parts.join('');
  const fits = even && new RegExp(`^${symbol}{16}$`, 'iu').test(symbols) && isRealLetter.test(symbols);
  return fits && turns(symbols) >= MANY_TURNS ? [{ start, end: start + found.length }] : [];
};

/** Where keys stand in a text, the likeliest first. */
const keySpans = (text: string): readonly Span[] => {
  const withoutNumbers = withoutPrefixedNumbers(text);
  const about = withoutNumbers !== text || aboutKeys.test(text) || findTrackingNumberIn(text) !== undefined;
  const plain = spansOf(withoutNumbers, dashed, isDashedKey(about));
  const rows = spansOf(blank(withoutNumbers, plain), inOneRow, isRowKey(about || text.trim().length === 16));
  const sure = [...plain, ...rows];
  const rest = blank(withoutNumbers, sure);
  const alone = text.trim().length <= 19 + 4;
  const fewestMixed = about || alone ? 1 : MIXED_GROUPS;
  // Three groups of a key may happen to be a number: a number is left out only if there is a key besides.
  const besideNumbers = windowsIn(withoutBareNumbers(rest), fewestMixed);
  const windows = besideNumbers.length > 0 ? besideNumbers : windowsIn(rest, fewestMixed);
  const [likeliest] = windows;
  if (likeliest === undefined) return sure.length > 0 ? sure : spelled(rest);
  // Windows that overlap the likeliest are hidden too: better a word too much than four symbols of a secret too few.
  const beside = windows.filter(
    ({ start, end, common, mixed }) =>
      (start >= likeliest.end || end <= likeliest.start || common === 0) && mixed >= MIXED_GROUPS,
  );
  return [...sure, likeliest, ...beside.filter((window) => window !== likeliest)];
};

const merged = (spans: readonly Span[]): Span[] =>
  [...spans]
    .sort((a, b) => a.start - b.start)
    .reduce<Span[]>((joined, span) => {
      const last = joined.at(-1);
      if (last === undefined || span.start >= last.end) return [...joined, span];
      return [...joined.slice(0, -1), { start: last.start, end: Math.max(last.end, span.end) }];
    }, []);

const inOneForm = (text: string): string => toCrockford(text).replace(/(.{4})(?=.)/gu, '$1-');

/**
 * Takes access keys out of what a citizen wrote. Pure; a text without any is given back as it is.
 * A key is 16 symbols of Crockford's alphabet in any case, with dashes, spaces or nothing between its groups, I and L for 1, O for 0.
 * Without dashes only a shape that no words and amounts have counts, unless the text speaks of a key or holds a tracking number.
 */
export const takeOutAccessKeys = (text: string): TakenOut => {
  const spans = keySpans(text);
  const [first] = spans;
  if (first === undefined) return { text };
  const masked = merged(spans).reduceRight(
    (rest, { start, end }) => rest.slice(0, start) + KEY_MASK + rest.slice(end),
    text,
  );
  return { text: masked, accessKey: inOneForm(text.slice(first.start, first.end)) };
};
