import { describe, expect, it } from 'vitest';
import { drainInBatches } from './drain.js';

describe('draining', () => {
  it('asks every connection once, with a time drawn within the window', async () => {
    const hints: number[] = [];
    const connections = Array.from({ length: 120 }, () => ({
      drain: ({ reconnectAfterMs }: { reconnectAfterMs: number }) => hints.push(reconnectAfterMs),
    }));
    let n = 0;
    await drainInBatches(connections, {
      windowMs: 100,
      reconnectsPerS: 10_000,
      deadlineMs: 5000,
      chance: () => (n++ % 10) / 10,
    });
    expect(hints).toHaveLength(120);
    expect(new Set(hints)).toEqual(new Set([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]));
  });

  it('draws from a longer time when there are more connections than the next process can greet', async () => {
    const hints: number[] = [];
    const connections = Array.from({ length: 60 }, () => ({
      drain: ({ reconnectAfterMs }: { reconnectAfterMs: number }) => hints.push(reconnectAfterMs),
    }));
    await drainInBatches(connections, { windowMs: 100, reconnectsPerS: 30, deadlineMs: 5000, chance: () => 0.5 });
    expect(new Set(hints)).toEqual(new Set([1000]));
  });
});
