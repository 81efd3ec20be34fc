import { normalise } from '../../guided/text-matching.js';

// What only the citizen's own words may bring about. A model that was talked into something, or that makes things up, is stopped
// here, before the decider; the word lists are wide on purpose: they ask whether the citizen spoke of it at all.

/** Whether the citizen wrote these words, in this order, in one of these texts; case, accents and punctuation do not matter. */
export const isQuoteOf = (quote: string, said: readonly string[]): boolean => {
  const words = normalise(quote);
  return words !== '' && said.some((text) => ` ${normalise(text)} `.includes(` ${words} `));
};

/** Whether the citizen wrote this number or address, however spaced. */
export const isWrittenIn = (value: string, said: readonly string[]): boolean => {
  const bare = (text: string): string =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{Pd}().]/gu, '');
  const wanted = bare(value);
  return wanted.length >= 5 && said.some((text) => bare(text).includes(wanted));
};

const speaksOf = {
  erase: /\b(?:eras\w*|delet\w*|forget|remov\w*|destroy\w*|data|wipe|pul am|dilit)\b/u,
  restart: /\b(?:again|over|afresh|new|another|other|different|second|restart|reset|ɔda|bigin|nyu)\b/u,
  signpost:
    /^(?:no|nɔ)(?: \S+){0,2}$|^(?:(?:no|nɔ|ok|okay|please|then) )*(?:(?:i )?(?:do not|dont|will not|wont) (?:want to )?file|i will (?:go|ask|try|report)|(?:go|ask|try) (?:there|them)|leave it|lɛf am)\b/u,
  /** Not "file" or "send it" alone: that may be a photo. */
  filing:
    /\b(?:submit|sabmit|fayl (?:am|mi|di|naw)|file (?:it|am|now|(?:my|the|this) (?:complaint|case|report)))(?!\S)/u,
  share: /\b(?:share|tell|know|show|give|pass|name|nem|yes|yɛs|yah?)\b/u,
} as const;

/** Whether this message speaks of something at all. */
export const speaks = (of: keyof typeof speaksOf, text: string): boolean => speaksOf[of].test(normalise(text));
