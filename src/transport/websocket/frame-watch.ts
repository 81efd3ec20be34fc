/**
 * Watches the raw bytes that a client sends, frame header by frame header, because the socket library only tells of
 * complete messages: how long the message that is coming in has been on its way, and in how many pieces (security.md
 * rows 11 and 14). Payloads are only counted. Wrong frames are the library's business.
 */
export interface FrameWatch {
  /** Bytes of a header that came in incomplete. */
  readonly header: readonly number[];
  /** Bytes of the current frame's payload that are still to come. */
  readonly remaining: number;
  /** The frame that `remaining` belongs to ends a message (not a control frame). */
  readonly final: boolean;
  /** When the first byte of the unfinished message or frame came, in ms; null when nothing is unfinished. */
  readonly since: number | null;
  /** Fragments of the unfinished message so far, and their payload bytes. */
  readonly fragments: number;
  readonly bytes: number;
}

export const idleWatch: FrameWatch = {
  header: [],
  remaining: 0,
  final: true,
  since: null,
  fragments: 0,
  bytes: 0,
};

/** Browsers split large messages too, but into pieces of kilobytes: a flood is many pieces that are tiny on average. */
const FLOOD_FRAGMENTS = 64;
const FLOOD_BYTES_PER_FRAGMENT = 1024;

export const isFragmentFlood = (watch: FrameWatch): boolean =>
  watch.fragments > FLOOD_FRAGMENTS && watch.bytes < watch.fragments * FLOOD_BYTES_PER_FRAGMENT;

const lengthOfHeader = (second: number): number => {
  const short = second & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
};

const payloadLength = (header: readonly number[]): number => {
  const short = (header[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  const digits = header.slice(2, short === 126 ? 4 : 10);
  return digits.reduce((length, byte) => length * 256 + byte, 0);
};

interface Mutable {
  header: number[];
  remaining: number;
  final: boolean;
  fragments: number;
  bytes: number;
  /** A message (not only a frame) is unfinished. */
  open: boolean;
}

const beginFrame = (watch: Mutable): void => {
  const first = watch.header[0] ?? 0;
  const control = (first & 0x08) !== 0;
  watch.remaining = payloadLength(watch.header);
  watch.final = !control && (first & 0x80) !== 0;
  if (!control) {
    watch.open = true;
    watch.fragments += 1;
    watch.bytes += watch.remaining;
  }
  watch.header = [];
};

const endFrame = (watch: Mutable): void => {
  if (!watch.final) return;
  watch.open = false;
  watch.fragments = 0;
  watch.bytes = 0;
};

/** The watch after a chunk came in at `now` (ms). Costs per frame, not per byte. */
export const watchBytes = (before: FrameWatch, chunk: Uint8Array, now: number): FrameWatch => {
  const watch: Mutable = { ...before, header: [...before.header], open: before.fragments > 0 };
  let finished = false;
  for (let at = 0; at < chunk.length;) {
    if (watch.remaining > 0) {
      const taken = Math.min(watch.remaining, chunk.length - at);
      watch.remaining -= taken;
      at += taken;
    } else {
      watch.header.push(chunk[at] ?? 0);
      at += 1;
      const second = watch.header[1];
      if (second === undefined || watch.header.length < lengthOfHeader(second)) continue;
      beginFrame(watch);
    }
    if (watch.remaining === 0 && watch.header.length === 0) {
      endFrame(watch);
      finished = finished || watch.final;
    }
  }
  const unfinished = watch.open || watch.remaining > 0 || watch.header.length > 0;
  const since = unfinished ? (finished ? now : (before.since ?? now)) : null;
  return {
    header: watch.header,
    remaining: watch.remaining,
    final: watch.final,
    since,
    fragments: watch.fragments,
    bytes: watch.bytes,
  };
};
