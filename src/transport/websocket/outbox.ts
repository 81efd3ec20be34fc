import type { ClassicServerFrame } from '../protocol/classic-frames.js';

/** A frame that waits, and the revision of the event that it delivers, if it delivers one. */
export interface Waiting {
  readonly frame: ClassicServerFrame;
  readonly revision?: number;
}

/**
 * What goes out to one classic client. After a `message` (or an `error`, which is a text for the citizen too) nothing may
 * follow for a while: the field client shows only the newest frame after each render (protocol.md, L4).
 */
export interface Outbox {
  readonly waiting: readonly Waiting[];
  readonly silentUntil: number;
  /** What the client was last told about typing. */
  readonly typingShown: boolean;
}

export const emptyOutbox: Outbox = { waiting: [], silentUntil: 0, typingShown: false };

const isTyping = (item: Waiting, value: boolean): boolean =>
  item.frame.type === 'typing' && item.frame.data.isTyping === value;

/** What the client will believe about typing once all that waits is sent. */
const typingAtEnd = (outbox: Outbox): boolean =>
  outbox.waiting.reduce(
    (shown, { frame }) => (frame.type === 'typing' ? frame.data.isTyping : shown),
    outbox.typingShown,
  );

/**
 * All that waits but an error of the same code: a flood of refusals does not pile up behind the silence. What became of a
 * file is told in any case.
 */
const withoutError = (outbox: Outbox, code: string): readonly Waiting[] =>
  outbox.waiting.filter(({ frame }) => frame.type !== 'error' || frame.data.code !== code || frame.data.kept === true);

/**
 * Puts a frame at the end. A typing frame that tells nothing new is left out, and one that takes back another that still
 * waits takes it out: fewer frames mean fewer repeated bubbles in the documented client.
 */
export const enqueue = (outbox: Outbox, item: Waiting): Outbox => {
  if (item.frame.type === 'error') return { ...outbox, waiting: [...withoutError(outbox, item.frame.data.code), item] };
  if (item.frame.type !== 'typing') return { ...outbox, waiting: [...outbox.waiting, item] };
  const value = item.frame.data.isTyping;
  if (typingAtEnd(outbox) === value) return outbox;
  const last = outbox.waiting.at(-1);
  if (last !== undefined && isTyping(last, !value)) return { ...outbox, waiting: outbox.waiting.slice(0, -1) };
  return { ...outbox, waiting: [...outbox.waiting, item] };
};

/**
 * Takes out what may be sent now. `dropTyping`: the client reads slowly, ephemeral frames are left out.
 * Gives the rest and what to send, in order.
 */
export const release = (
  outbox: Outbox,
  now: number,
  options: { readonly silenceMs: number; readonly dropTyping: boolean },
): readonly [Outbox, readonly Waiting[]] => {
  const sent: Waiting[] = [];
  let { silentUntil, typingShown } = outbox;
  let taken = 0;
  for (const item of outbox.waiting) {
    if (now < silentUntil) break;
    taken += 1;
    if (item.frame.type === 'typing') {
      if (options.dropTyping && item.frame.data.isTyping) continue;
      typingShown = item.frame.data.isTyping;
    }
    sent.push(item);
    if (item.frame.type === 'message' || item.frame.type === 'error') silentUntil = now + options.silenceMs;
  }
  if (taken === 0) return [outbox, sent];
  return [{ waiting: outbox.waiting.slice(taken), silentUntil, typingShown }, sent];
};

/** Time at which `release` will have something, or Infinity. */
export const releaseDue = (outbox: Outbox): number => (outbox.waiting.length === 0 ? Infinity : outbox.silentUntil);
