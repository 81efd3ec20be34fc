import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TURN_TIME_OVER } from './call-model.js';
import { limitTime } from './time-limit.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const begin = (outside = new AbortController()) => {
  const time = limitTime(outside.signal, 60_000, () => Date.now(), 15_000);
  return { outside, time };
};

describe('the time of a turn', () => {
  it('ends when nothing was said for too long at its start', () => {
    const { time } = begin();
    vi.advanceTimersByTime(14_999);
    expect(time.signal.aborted).toBe(false);
    expect(time.timeLeftMs()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(time.signal.reason).toBe(TURN_TIME_OVER);
  });

  it('goes on to its end once words have come', () => {
    const { time } = begin();
    vi.advanceTimersByTime(10_000);
    time.spoke();
    vi.advanceTimersByTime(49_999);
    expect(time.signal.aborted).toBe(false);
    expect(time.timeLeftMs()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(time.signal.reason).toBe(TURN_TIME_OVER);
  });

  it('ends with the reason of whoever ended the turn from outside', () => {
    const { outside, time } = begin();
    outside.abort('stopped');
    expect(time.signal.reason).toBe('stopped');
  });

  it('leaves no timer behind', () => {
    const { time } = begin();
    time.end();
    expect(vi.getTimerCount()).toBe(0);
  });
});
