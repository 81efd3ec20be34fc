import type { Lease } from './leases.js';

/**
 * Keeps a lease alive while `work` runs, and aborts the work's signal when the lease is lost: another process may then be
 * answering already. A renewal that fails is tried again until the lease has run out by our own clock.
 * @param stop aborts the work too
 * @param monotonicMs a clock that never goes back; for tests
 */
export const holdLease = async <T>(
  lease: Lease,
  durationMs: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  monotonicMs: () => number = () => performance.now(),
): Promise<T> => {
  // One controller for both reasons: `AbortSignal.any` on a signal that lives as long as the process would grow with each turn.
  const ending = new AbortController();
  const stopping = (): void => ending.abort(stop.reason);
  if (stop.aborted) stopping();
  stop.addEventListener('abort', stopping, { once: true });
  let validUntil = monotonicMs() + durationMs;
  let renewing = false;
  const renew = async (): Promise<void> => {
    if (renewing) return;
    renewing = true;
    const askedAt = monotonicMs();
    const held = await lease.renew().catch(() => undefined);
    renewing = false;
    if (held === true) validUntil = askedAt + durationMs;
    if (held === false || monotonicMs() >= validUntil) ending.abort(new Error('The lease of this session was lost'));
  };
  const timer = setInterval(() => void renew(), Math.max(1, Math.floor(durationMs / 3)));
  try {
    // Work that does not listen to the signal is left behind; it writes nothing once the signal is aborted.
    return await Promise.race([work(ending.signal), rejectedOn(ending.signal)]);
  } finally {
    clearInterval(timer);
    stop.removeEventListener('abort', stopping);
  }
};

const rejectedOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
