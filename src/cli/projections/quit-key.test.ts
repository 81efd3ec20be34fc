import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { onQuitKey, type KeyInput } from './quit-key.js';

const setup = (isTTY: boolean) => {
  const bytes = new PassThrough();
  let isRaw = false;
  const input = Object.assign(bytes, {
    isTTY,
    isRaw,
    setRawMode: (mode: boolean) => {
      isRaw = mode;
      return input;
    },
  }) as unknown as KeyInput;
  let quits = 0;
  const stop = onQuitKey(input, () => (quits += 1));
  return { bytes, stop, quits: () => quits, isRaw: () => isRaw };
};

describe('the key that ends a watch', () => {
  it.each(['q', 'Q', '\u0003'])('is %j', async (key) => {
    const { bytes, quits, stop } = setup(true);
    bytes.write(key);
    await expect.poll(quits).toBe(1);
    stop?.();
  });

  it('is no other, and the terminal is as it was afterwards', async () => {
    const { bytes, quits, stop, isRaw } = setup(true);
    bytes.write('xq');
    await expect.poll(quits).toBe(1);
    expect(isRaw()).toBe(true);
    stop?.();
    expect(isRaw()).toBe(false);
  });

  it('is none where there is no terminal', () => {
    const { stop, isRaw } = setup(false);
    expect([stop, isRaw()]).toEqual([undefined, false]);
  });
});
