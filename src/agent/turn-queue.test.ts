import { describe, expect, it } from 'vitest';
import { createTurnQueue } from './turn-queue.js';

/** A queue whose work is ended by hand. */
const handDriven = (concurrency: number) => {
  const started: string[] = [];
  const ends = new Map<string, (more: boolean) => void>();
  const queue = createTurnQueue(concurrency, (sessionId) => {
    started.push(sessionId);
    return new Promise((resolve) => ends.set(sessionId, resolve));
  });
  const end = async (sessionId: string, more = false): Promise<void> => {
    ends.get(sessionId)?.(more);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, started, end };
};

describe('the turn queue', () => {
  it('works on so many at a time, first come first served', async () => {
    const { queue, started, end } = handDriven(2);
    ['a', 'b', 'c', 'd'].forEach((id) => queue.add(id));
    expect(started).toEqual(['a', 'b']);
    await end('b');
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('holds a session once, however often it is added', async () => {
    const { queue, started, end } = handDriven(1);
    ['a', 'b', 'b', 'b'].forEach((id) => queue.add(id));
    await end('a');
    await end('b');
    expect(started).toEqual(['a', 'b']);
    expect(queue.size()).toBe(0);
  });

  it('never works on one session twice at once, and comes back to it', async () => {
    const { queue, started, end } = handDriven(5);
    queue.add('a');
    queue.add('a');
    expect(started).toEqual(['a']);
    await end('a');
    expect(started).toEqual(['a', 'a']);
  });

  it('sends a session with more to do to the end of the line', async () => {
    const { queue, started, end } = handDriven(1);
    ['a', 'b'].forEach((id) => queue.add(id));
    await end('a', true);
    await end('b');
    expect(started).toEqual(['a', 'b', 'a']);
  });

  it('goes on after work that throws', async () => {
    const done: string[] = [];
    const queue = createTurnQueue(1, (id) => {
      done.push(id);
      return id === 'a' ? Promise.reject(new Error('broken')) : Promise.resolve(false);
    });
    queue.add('a');
    queue.add('b');
    await queue.drain().then(() => undefined);
    expect(done[0]).toBe('a');
  });

  it('drains: ends what runs, begins nothing more', async () => {
    const { queue, started, end } = handDriven(1);
    ['a', 'b'].forEach((id) => queue.add(id));
    const drained = queue.drain();
    queue.add('c');
    await end('a', true);
    await drained;
    expect(started).toEqual(['a']);
  });
});
