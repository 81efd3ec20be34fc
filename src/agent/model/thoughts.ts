// Models that think before they speak ("reasoning") are served by some servers with their thoughts in the text, between <think> and
// </think>. They are not for the citizen.

const OPENINGS = ['<think>', '<thinking>'] as const;
const CLOSING = /<\/think(?:ing)?>/u;
/** Longer than any closing mark. */
const TAIL = 16;

/**
 * Leaves out thoughts at the beginning of a streamed text.
 * @returns takes a piece; gives what of the text so far may be shown now, without what it gave before
 */
export const createThoughtFilter = (): ((piece: string) => string) => {
  let held = '';
  let at: 'start' | 'inside' | 'after' | 'speech' = 'start';
  return (piece) => {
    if (at === 'speech') return piece;
    held += piece;
    if (at === 'start') {
      const begun = held.trimStart();
      if (OPENINGS.some((mark) => begun.startsWith(mark))) at = 'inside';
      else if (!OPENINGS.some((mark) => mark.startsWith(begun))) at = 'speech';
    }
    if (at === 'inside') {
      const end = CLOSING.exec(held);
      held = end === null ? held.slice(-TAIL) : held.slice(end.index + end[0].length);
      if (end !== null) at = 'after';
    }
    if (at === 'after') {
      held = held.trimStart();
      if (held !== '') at = 'speech';
    }
    if (at !== 'speech') return '';
    const speech = held;
    held = '';
    return speech;
  };
};
