import { describe, expect, it } from 'vitest';
import { idleWatch, isFragmentFlood, watchBytes, type FrameWatch } from './frame-watch.js';

const frame = (opcode: number, fin: boolean, length: number): Uint8Array => {
  const first = (fin ? 0x80 : 0) | opcode;
  const mask = [1, 2, 3, 4];
  const size =
    length < 126
      ? [0x80 | length]
      : length < 65_536
        ? [0xfe, length >> 8, length & 255]
        : [0xff, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Uint8Array.from([first, ...size, ...mask, ...new Uint8Array(length)]);
};
const feed = (watch: FrameWatch, chunks: readonly Uint8Array[], from = 100): FrameWatch =>
  chunks.reduce((before, chunk, index) => watchBytes(before, chunk, from + index), watch);

describe('the watch over incoming bytes', () => {
  it.each([0, 5, 125, 126, 65_535, 70_000])('is idle after a whole message of %d bytes', (length) => {
    expect(feed(idleWatch, [frame(1, true, length)])).toMatchObject({ since: null, fragments: 0, remaining: 0 });
  });

  it('is idle after a message that came byte by byte, and remembers its first byte until then', () => {
    const bytes = [...frame(1, true, 200)].map((byte) => Uint8Array.of(byte));
    expect(feed(idleWatch, bytes.slice(0, -1)).since).toBe(100);
    expect(feed(idleWatch, bytes).since).toBeNull();
  });

  it('keeps the time of the first fragment while pings come in between', () => {
    const watch = feed(idleWatch, [frame(1, false, 3), frame(9, true, 0), frame(9, true, 4), frame(0, false, 3)]);
    expect(watch.since).toBe(100);
    expect(watch.fragments).toBe(2);
    expect(feed(watch, [frame(0, true, 1)]).since).toBeNull();
  });

  it('starts anew when one chunk ends a message and begins the next', () => {
    const chunk = Uint8Array.from([...frame(0, true, 3), ...frame(1, false, 1)]);
    expect(feed(feed(idleWatch, [frame(1, false, 1)]), [chunk], 500).since).toBe(500);
  });

  it('calls many tiny fragments a flood, and many large ones not', () => {
    const pieces = (length: number) => [
      frame(1, false, length),
      ...Array.from({ length: 80 }, () => frame(0, false, length)),
    ];
    expect(isFragmentFlood(feed(idleWatch, pieces(1)))).toBe(true);
    expect(isFragmentFlood(feed(idleWatch, pieces(16_384)))).toBe(false);
  });
});
