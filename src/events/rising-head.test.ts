import { describe, expect, it } from 'vitest';
import { createRisingHead } from './rising-head.js';

const never = new AbortController().signal;
const settled = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise(setImmediate);
  return done;
};

describe('a head that rises', () => {
  it('lets go at once whoever waits for what it has passed', async () => {
    expect(await settled(createRisingHead(5n).beyond(4n, never))).toBe(true);
  });

  it('lets go all whom it passes, and nobody else', async () => {
    const head = createRisingHead(0n);
    const waits = [0n, 4n, 5n].map((position) => head.beyond(position, never));
    head.raise(5n);
    expect(await Promise.all(waits.map(settled))).toEqual([true, true, false]);
  });

  it('never sinks', () => {
    const head = createRisingHead(7n);
    head.raise(3n);
    expect(head.position).toBe(7n);
  });

  it('lets go whoever gives up', async () => {
    const giving = new AbortController();
    const waits = createRisingHead(0n).beyond(9n, giving.signal);
    giving.abort();
    expect(await settled(waits)).toBe(true);
    expect(await settled(createRisingHead(0n).beyond(9n, giving.signal))).toBe(true);
  });
});
