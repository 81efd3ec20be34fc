import { describe, expect, it } from 'vitest';
import { oneAhead } from './one-ahead.js';

const source = (items: readonly (number | Error)[]) => {
  const state = { asked: 0, closed: false };
  async function* give(): AsyncGenerator<number, void, undefined> {
    try {
      for (const item of items) {
        state.asked += 1;
        await Promise.resolve();
        if (item instanceof Error) throw item;
        yield item;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, items: oneAhead(give()) };
};
const quiet = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('one item ahead', () => {
  it('gives all of them in order', async () => {
    const given: number[] = [];
    for await (const item of source([1, 2, 3]).items) given.push(item);
    expect(given).toEqual([1, 2, 3]);
  });

  it('asks for the next one, and no more, while the consumer works', async () => {
    const { state, items } = source([1, 2, 3, 4]);
    await items.next();
    await quiet();
    expect(state.asked).toBe(2);
  });

  it('fails where the source fails, after what came before', async () => {
    const { items } = source([1, new Error('broken')]);
    expect(await items.next()).toEqual({ done: false, value: 1 });
    await expect(items.next()).rejects.toThrow('broken');
  });

  it('closes the source of a consumer that leaves, whatever becomes of what it asked for', async () => {
    const { state, items } = source([1, new Error('nobody hears this')]);
    for await (const _item of items) break;
    await quiet();
    expect(state.closed).toBe(true);
  });
});
