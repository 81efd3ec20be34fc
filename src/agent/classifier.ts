import { fold, normalise } from './guided/text-matching.js';

/** What the classifier needs of the taxonomy: words and phrases per category, names of institutions. */
export interface ClassifierTaxonomy {
  readonly categories: readonly {
    readonly code: string;
    readonly label: { readonly en: string; readonly kri: string };
    readonly words: readonly string[];
    readonly phrases: readonly string[];
    /** How much single words tell, where it is not 1. */
    readonly weights?: Readonly<Record<string, number>> | undefined;
  }[];
  readonly institutions: readonly {
    readonly code: string;
    readonly label: { readonly en: string; readonly kri: string };
    readonly aliases: readonly string[];
  }[];
}

export interface Scored {
  readonly code: string;
  /** Sum of the weights of what was found; comparable within one text only. */
  readonly score: number;
}

export interface Classified {
  /** Best category, or null when nothing in the text points to one. */
  readonly category: string | null;
  readonly institution: string | null;
  /** 0 to 1, of the category: how much was found, and how far the best is ahead of the second. 0 without a category. */
  readonly confidence: number;
  /** Second-best category. */
  readonly runnerUp: string | null;
  /** All categories with a score above 0, best first; ties by the order of the taxonomy. */
  readonly ranked: readonly Scored[];
}

export interface Classifier {
  classify(text: string): Classified;
  /** The category or institution that the text names (label, code or alias), for short answers like "the police". */
  named(text: string): { readonly category?: string; readonly institution?: string };
}

/** Words so common that a hit says nothing. */
const stopWords = new Set(
  'a an and are as at be been but by can for from had has have he her his i in is it its me my no not of on or our she so that the their them there they this to us was we were what when which who will with you your di na dɛn den fɔ fo for mi'.split(
    ' ',
  ),
);

/** Light stemming, enough to join plural, past and -ing forms. Works on a normalised word. */
export const stem = (word: string): string => {
  if (word.length <= 3) return word;
  const base = word.replace(/(?:ies)$/u, 'y').replace(/(?:sses)$/u, 'ss');
  const cut = base.replace(/(?:ations?|ements?|ments?|ingly|ings?|edly|ers?|ed|es|ly|s)$/u, '');
  const stemmed = cut.length >= 3 ? cut : base;
  // stopped -> stopp -> stop; bribe, bribing -> brib
  return stemmed.replace(/([bdgkmnprt])\1$/u, '$1').replace(/(?<=...)e$/u, '');
};

/** Stems of the words of a text, in order. */
export const tokens = (text: string): string[] =>
  normalise(text)
    .split(' ')
    .filter((word) => word !== '')
    .map(stem);

/** A term to look for: its stems in a row, and what finding it is worth. */
interface Term {
  readonly stems: readonly string[];
  readonly weight: number;
}

/** Each phrase counts this much more than its words alone: word order is strong evidence. */
const phraseFactor = 1.5;
/** Evidence that an empty text would have; keeps one weak word from looking certain. */
const prior = 1;

/** Names of offices are taken more exactly: a "house" is not the ministry of "housing". */
const singular = (word: string): string =>
  word.length <= 3 ? word : word.replace(/ies$/u, 'y').replace(/(?<!s)s$/u, '');

/** Words that tell something, in order: "asked me for money" and "asked for money" are the same. */
const telling = (text: string, form: (word: string) => string = stem): string[] =>
  normalise(text)
    .split(' ')
    .filter((word) => word !== '' && !stopWords.has(word))
    .map(form);

const termsOf = (entries: readonly string[], form: (word: string) => string): string[][] => {
  const seen = new Map<string, string[]>();
  for (const entry of entries) {
    const stems = telling(entry, form);
    if (stems.length > 0) seen.set(stems.join(' '), stems);
  }
  return [...seen.values()];
};

/** Rarer over the groups of the taxonomy means worth more: ln(1 + groups / groups that list the word). */
const weigher = (groups: readonly (readonly string[][])[]): ((stems: readonly string[]) => number) => {
  const listedIn = new Map<string, number>();
  for (const group of groups)
    for (const word of new Set(group.flat())) listedIn.set(word, (listedIn.get(word) ?? 0) + 1);
  const idf = (word: string): number =>
    Math.log(1 + groups.length / (listedIn.get(word) ?? 1)) / Math.log(1 + groups.length);
  return (stems) => stems.reduce((sum, word) => sum + idf(word), 0) * (stems.length > 1 ? phraseFactor : 1);
};

/** Whether the stems of a term stand in a row somewhere in a text, both as `tokens` gives them. */
export const hasTerm = (text: readonly string[], stems: readonly string[]): boolean =>
  text.some((_, start) => stems.every((word, offset) => text[start + offset] === word));

const contains = (
  text: readonly string[],
  stems: readonly string[],
  at: ReadonlyMap<string, readonly number[]>,
): boolean =>
  (at.get(stems[0] ?? '') ?? []).some((start) => stems.every((word, offset) => text[start + offset] === word));

const places = (text: readonly string[]): Map<string, number[]> => {
  const at = new Map<string, number[]>();
  text.forEach((word, index) => at.set(word, [...(at.get(word) ?? []), index]));
  return at;
};

const scorer = (
  groups: readonly {
    code: string;
    entries: readonly string[];
    weights?: Readonly<Record<string, number>> | undefined;
  }[],
  form: (word: string) => string,
): ((text: string) => Scored[]) => {
  const prepared = groups.map((group) => ({ code: group.code, terms: termsOf(group.entries, form) }));
  const weigh = weigher(prepared.map((group) => group.terms));
  const index = prepared.map((group, at) => {
    const own = new Map(
      Object.entries(groups[at]?.weights ?? {}).map(([word, weight]) => [form(normalise(word)), weight]),
    );
    const factor = (stems: readonly string[]): number => (stems.length === 1 ? (own.get(stems[0] ?? '') ?? 1) : 1);
    return {
      code: group.code,
      terms: group.terms.map((stems): Term => ({ stems, weight: weigh(stems) * factor(stems) })),
    };
  });
  return (text) => {
    const words = telling(text, form);
    const at = places(words);
    return index
      .map(({ code, terms }) => ({
        code,
        score: terms.reduce((sum, term) => sum + (contains(words, term.stems, at) ? term.weight : 0), 0),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
  };
};

/**
 * A small lexical classifier over the taxonomy's own words: no training data, no model, the same answer for the same text.
 * Meant to propose, never to decide: the citizen confirms, the officer's category is the truth.
 */
export const createClassifier = (taxonomy: ClassifierTaxonomy): Classifier => {
  const categories = scorer(
    taxonomy.categories.map((c) => ({
      code: c.code,
      entries: [c.label.en, ...c.words, ...c.phrases],
      weights: c.weights,
    })),
    stem,
  );
  const institutions = scorer(
    taxonomy.institutions.map((i) => ({ code: i.code, entries: [i.label.en, ...i.aliases] })),
    singular,
  );
  const names = {
    category: taxonomy.categories.map((c) => ({ code: c.code, names: [c.code, c.label.en, c.label.kri, ...c.words] })),
    institution: taxonomy.institutions.map((i) => ({
      code: i.code,
      names: [i.code, i.label.en, i.label.kri, ...i.aliases],
    })),
  };
  return {
    classify: (text) => {
      const ranked = categories(text);
      const [best, second] = ranked;
      const institution = institutions(text)[0];
      return {
        category: best?.code ?? null,
        institution: institution?.code ?? null,
        confidence: best === undefined ? 0 : round(best.score / (best.score + (second?.score ?? 0) + prior)),
        runnerUp: second?.code ?? null,
        ranked,
      };
    },
    named: (text) => {
      const said = bare(text);
      const find = (list: readonly { code: string; names: readonly string[] }[]): string | undefined =>
        list.find((item) => item.names.some((name) => bare(name) === said))?.code;
      const institution = find(names.institution);
      const category = find(names.category);
      return { ...(category === undefined ? {} : { category }), ...(institution === undefined ? {} : { institution }) };
    },
  };
};

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** A name without articles and "ministry of": how people say it. */
const bare = (text: string): string =>
  telling(fold(text.replace(/_/gu, ' ')))
    .filter((word) => word !== 'ministry' && word !== 'about')
    .join(' ');
