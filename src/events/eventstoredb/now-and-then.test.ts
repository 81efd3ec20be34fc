import { expect, it, vi } from 'vitest';
import { nowAndThen } from './now-and-then.js';

it('tells the first time, and again only after a while', () => {
  vi.useFakeTimers();
  const told: string[] = [];
  const tell = nowAndThen(1_000);
  for (const text of ['one', 'two']) tell(() => told.push(text));
  vi.advanceTimersByTime(1_000);
  for (const text of ['three', 'four']) tell(() => told.push(text));
  expect(told).toEqual(['one', 'three']);
  vi.useRealTimers();
});
