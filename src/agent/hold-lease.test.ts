import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdLease } from './hold-lease.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const leaseThat = (renew: () => Promise<boolean>) => ({ renew, release: () => Promise.resolve() });
/** Work that lasts until its signal aborts. */
const lasting = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted')));

describe('holding a lease', () => {
  it('gives what the work gives and stops renewing', async () => {
    const renew = vi.fn(() => Promise.resolve(true));
    expect(await holdLease(leaseThat(renew), 300, never, () => Promise.resolve('done'))).toBe('done');
    await vi.advanceTimersByTimeAsync(1000);
    expect(renew).not.toHaveBeenCalled();
  });

  it('renews three times per duration while the work runs', async () => {
    const renew = vi.fn(() => Promise.resolve(true));
    const stop = new AbortController();
    const held = holdLease(leaseThat(renew), 300, stop.signal, lasting).catch(() => 'ended');
    await vi.advanceTimersByTimeAsync(300);
    expect(renew).toHaveBeenCalledTimes(3);
    stop.abort();
    await held;
  });

  it('aborts the work when somebody else has the lease', async () => {
    const held = holdLease(
      leaseThat(() => Promise.resolve(false)),
      300,
      never,
      lasting,
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(await held).toBe('aborted');
  });

  it('bears a failed renewal as long as the lease lasts', async () => {
    let now = 0;
    const aborted = vi.fn();
    const renewals = [() => Promise.reject(new Error('no database'))];
    const stop = new AbortController();
    const held = holdLease(
      leaseThat(() => renewals.shift()?.() ?? Promise.resolve(true)),
      300,
      stop.signal,
      (signal) => {
        signal.addEventListener('abort', aborted);
        return lasting(signal);
      },
      () => now,
    ).catch(() => 'ended');
    now = 100;
    await vi.advanceTimersByTimeAsync(100);
    now = 200;
    await vi.advanceTimersByTimeAsync(100);
    expect(aborted).not.toHaveBeenCalled();
    stop.abort();
    await held;
  });

  it('aborts when it could not renew until the lease ran out', async () => {
    let now = 0;
    const held = holdLease(
      leaseThat(() => Promise.reject(new Error('no database'))),
      300,
      never,
      lasting,
      () => now,
    );
    for (now = 100; now <= 300; now += 100) await vi.advanceTimersByTimeAsync(100);
    expect(await held).toBe('aborted');
  });

  it('does not wait for work that hears nothing', async () => {
    const stop = new AbortController();
    const held = holdLease(
      leaseThat(() => Promise.resolve(true)),
      300,
      stop.signal,
      () => new Promise(() => undefined),
    );
    stop.abort(new Error('The responder stops'));
    await expect(held).rejects.toThrow('stops');
  });
});
