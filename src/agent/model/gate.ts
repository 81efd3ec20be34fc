import { judgeSentence, sentenceEnd, spoken, type GuardGiven } from './guard.js';
import { riskIn, unfinishedAt } from './guard-risk.js';

/** Lets the model's words through while they come, as far as the guard will let them stand. */
export interface Gate {
  write(piece: string): void;
  /** The text ends, or a tool is called: what was held back goes out, and the next text begins a paragraph. */
  pause(): void;
  /** What was said counts no more. */
  reset(): void;
  /** All that came in, whether it went out or not. */
  text(): string;
  /** So much came that most of it would be cut off: more is not worth waiting for. */
  isOverfull(): boolean;
}

const paragraph = '\n\n';

/** How much longer than a reply may be a text gets before it is stopped: what follows a little too much may be a tool call. */
const OVERFULL = 2;

interface Open {
  /** What went out of the sentence that is being said. */
  shown: string;
  /** What is held back of it, from the first risky word on; undefined: nothing was risky yet. */
  held: string[] | undefined;
  /** The end of what came, which may be the beginning of a risky word. */
  carry: string;
  /** The characters before `carry`. */
  context: string;
}
const nothingOpen = (): Open => ({ shown: '', held: undefined, carry: '', context: '' });

/**
 * Words go out at once until one is risky; from there on a sentence waits until it is whole and judged. So neither what is shown nor
 * what is found depends on the pieces in which a text comes. Each character is looked at a bounded number of times.
 * @param given asked anew at each sentence: a tool may just have filed
 * @param out takes what may be shown
 * @param looked told how many characters were looked at, for measurements
 */
export const createGate = (
  given: () => GuardGiven,
  out: (piece: string) => void,
  looked: (characters: number) => void = () => undefined,
): Gate => {
  let whole = '';
  let told = 0;
  /** What comes now would be taken back: the recorded reply says it right. */
  let muted = false;
  let open = nothingOpen();

  const show = (text: string): void => {
    if (muted || text === '') return;
    told += text.length;
    if (told > given().maxChars) muted = true;
    else out(spoken(given(), text));
  };

  const endSentence = (): void => {
    const held = (open.held ?? []).join('');
    const sentence = open.shown + held;
    looked(sentence.length);
    if (judgeSentence(given(), sentence).corrections.length > 0) muted = true;
    show(held);
    open = { ...nothingOpen(), context: (open.context + sentence).slice(-2) };
  };

  /** Takes a part of one sentence; `ends`: it is whole now. */
  const take = (text: string, ends: boolean): void => {
    looked(text.length);
    const risk = open.held === undefined ? riskIn(open.context, text, ends) : 0;
    if (risk !== undefined) open.held ??= [];
    const free = risk ?? text.length;
    const carry = ends || open.held !== undefined ? 0 : unfinishedAt(open.context, text);
    show(text.slice(0, free - carry));
    open.shown += text.slice(0, free - carry);
    if (open.held !== undefined) open.held.push(text.slice(free));
    open.carry = text.slice(text.length - carry);
    open.context = (open.context + text.slice(0, text.length - carry)).slice(-2);
    if (ends) endSentence();
  };

  const read = (piece: string): void => {
    let rest = open.carry + piece;
    open.carry = '';
    for (;;) {
      const begun = open.shown !== '' || open.held !== undefined;
      const end = sentenceEnd(open.context.slice(-1), rest, begun);
      looked(end ?? rest.length);
      if (end === undefined) break;
      take(rest.slice(0, end), true);
      rest = rest.slice(end);
      if (muted) return;
    }
    if (rest !== '') take(rest, false);
  };

  return {
    write: (piece) => {
      whole += piece;
      if (!muted) read(piece);
    },
    pause: () => {
      if (!muted) {
        const left = open.carry.trimEnd();
        open.carry = '';
        if (open.held !== undefined) open.held = [open.held.join('').trimEnd()];
        take(left, true);
      }
      if (whole.trim() === '') return;
      whole = `${whole.trimEnd()}${paragraph}`;
      open = { ...nothingOpen(), carry: paragraph };
    },
    reset: () => {
      whole = '';
      told = 0;
      muted = false;
      open = nothingOpen();
    },
    text: () => whole.trim(),
    isOverfull: () => whole.length > given().maxChars * OVERFULL,
  };
};
