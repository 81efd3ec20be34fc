import { describe, expect, it } from 'vitest';
import { createStory, sealed } from '../../test/support/projection-events.js';
import type { LogMessage } from '../events/event-log.js';
import { inBatches, type Batch } from './batches.js';

const messages = (count: number): LogMessage[] => {
  const story = createStory();
  for (let n = 0; n < count; n += 1) {
    story.add('session-a', 'UserMessageReceived', { text: sealed('x'), evidenceIds: [] });
  }
  return story.events.map((event) => ({ kind: 'event', event }));
};

async function* from(...given: (LogMessage | Error | Promise<void>)[]): AsyncGenerator<LogMessage> {
  for (const item of given) {
    if (item instanceof Error) throw item;
    if (item instanceof Promise) await item;
    else yield item;
  }
}
const collect = async (source: AsyncIterable<LogMessage>, maxEvents = 10): Promise<Batch[]> => {
  const batches = [];
  for await (const batch of inBatches(source, { maxEvents, lingerMs: 5 })) batches.push(batch);
  return batches;
};
const sizes = (batches: readonly Batch[]) => batches.map(({ events, position }) => [events.length, position]);

describe('inBatches', () => {
  it('cuts history into full batches', async () => {
    expect(sizes(await collect(from(...messages(25))))).toEqual([
      [10, 10n],
      [10, 20n],
      [5, 25n],
    ]);
  });

  it('moves on with checkpoints that carry no events', async () => {
    const batches = await collect(from({ kind: 'checkpoint', position: 40n }));
    expect(batches).toEqual([{ events: [], position: 40n, recordedAt: null }]);
  });

  it('reaches the position of the signal that follows the events, not only that of the last event', async () => {
    const batches = await collect(from(...messages(3), { kind: 'caught-up', position: 9n }));
    expect(sizes(batches)).toEqual([[3, 9n]]);
  });

  it('gives live events at once and in one piece when they came together', async () => {
    let come = (): void => undefined;
    const later = new Promise<void>((resolve) => (come = resolve));
    const [first, ...rest] = messages(4);
    const source = from(first!, { kind: 'caught-up', position: 1n }, later, ...rest);
    const given: Batch[] = [];
    for await (const batch of inBatches(source, { maxEvents: 10, lingerMs: 60_000 })) {
      given.push(batch);
      come();
    }
    expect(sizes(given)).toEqual([
      [1, 1n],
      [3, 4n],
    ]);
  });

  it('gives what came before an error, and then the error', async () => {
    const given: Batch[] = [];
    const reading = async () => {
      for await (const batch of inBatches(from(...messages(3), new Error('gone')), { maxEvents: 10, lingerMs: 5 })) {
        given.push(batch);
      }
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(sizes(given)).toEqual([[3, 3n]]);
  });

  it('reads no further ahead than twice a batch', async () => {
    let read = 0;
    async function* counted() {
      for (const message of messages(100)) {
        read += 1;
        yield message;
        await Promise.resolve();
      }
    }
    for await (const batch of inBatches(counted(), { maxEvents: 10, lingerMs: 5 })) {
      expect(batch.events).toHaveLength(10);
      expect(read).toBeLessThanOrEqual(Number(batch.position) + 21);
    }
    expect(read).toBe(100);
  });
});
