import { guard, spoken, type GuardGiven } from './guard.js';

/** Lets the model's words through while they come, as far as the guard will let them stand. */
export interface Gate {
  write(piece: string): void;
  /** The text ends, or a tool is called: what was held back goes out, and the next text begins a paragraph. */
  pause(): void;
  /** What was said counts no more. */
  reset(): void;
  /** All that came in, whether it went out or not. */
  text(): string;
}

/**
 * The start of something that the guard may have to change: a number, a link, a mark in brackets. Held back until the word is
 * whole; every other word goes out at once.
 */
const unfinished =
  /(?<![\p{L}\p{N}])(?:[O0o](?:[Mm](?:[Bb][^\n]{0,20})?)?|(?:https?|www)\S*|[+0]\d[\d\s().-]*|[0-9A-Z]{4}(?:[- ][0-9A-Z]{0,4}){0,3})$|!?\[[^\]\n]{0,40}(?:\]\(?\S*)?$|\s+$/u;

const paragraph = '\n\n';
const endOfSentence = /[.!?…\n]\s/gu;

/**
 * @param given asked anew at each piece: a tool may just have filed
 * @param out takes what may be shown
 */
export const createGate = (given: () => GuardGiven, out: (piece: string) => void): Gate => {
  let whole = '';
  /** Characters of `whole` that went out. */
  let told = 0;
  /** Where the sentence begins that is being said: what was said before it was checked already. */
  let sentence = 0;
  let muted = false;

  const release = (until: number): void => {
    if (muted || until <= told) return;
    const now = given();
    const { corrected } = guard(now, whole.slice(sentence, until));
    // What comes now would be taken back: the recorded reply says it right.
    if (corrected.length > 0 || until > now.maxChars) {
      muted = true;
      return;
    }
    out(spoken(now, whole.slice(told, until)));
    told = until;
    const ends = [...whole.slice(sentence, told).matchAll(endOfSentence)];
    sentence += (ends.at(-1)?.index ?? -1) + 1;
  };

  return {
    write: (piece) => {
      whole += piece;
      const held = unfinished.exec(whole.slice(told))?.index;
      release(held === undefined ? whole.length : told + held);
    },
    pause: () => {
      release(whole.trimEnd().length);
      if (whole.trim() !== '') whole = `${whole.trimEnd()}${paragraph}`;
    },
    reset: () => {
      whole = '';
      told = 0;
      sentence = 0;
      muted = false;
    },
    text: () => whole.trim(),
  };
};
