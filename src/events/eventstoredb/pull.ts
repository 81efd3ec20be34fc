import type { Readable } from 'node:stream';

/** The call was over before the server said that it was. */
export const cutOff = (): Error =>
  Object.assign(new Error('The connection to the event store was given up'), { code: 14 });

/** The server said nothing for too long. */
export const silence = (what: string): Error =>
  Object.assign(new Error(`The event store did not ${what} in time`), { code: 4, silence: true });

/**
 * The items of one of the client's streams, one by one, as fast as they are asked for and no faster: nothing is read ahead of
 * a slow consumer but the stream's own small buffer. However it ends, the server's side of the call is closed too; leaving a
 * `for await` over the client's stream alone would leave that open.
 * @param cancel closes the call
 * @param idleMs how long the server may be silent; undefined: for ever
 * @param stops end it quietly, as if all had been said
 * @throws what the stream failed with, or `silence`
 */
export async function* pull<T>(
  source: Readable,
  cancel: () => Promise<unknown>,
  { idleMs, stops = [] }: { readonly idleMs?: number | undefined; readonly stops?: readonly AbortSignal[] } = {},
): AsyncGenerator<T, void, undefined> {
  const state: { failure?: unknown; ended: boolean; wake: () => void } = { ended: false, wake: () => undefined };
  const end = (): void => {
    state.ended = true;
    state.wake();
  };
  source.on('error', (error: unknown) => {
    state.failure ??= error ?? new Error('The stream failed');
    state.wake();
  });
  source.on('end', end);
  source.on('close', () => {
    if (!state.ended) state.failure ??= cutOff();
    state.wake();
  });
  const wake = (): void => state.wake();
  source.on('readable', wake);
  // Not `AbortSignal.any`: what it makes of signals that live as long as the process, some versions of Node never let go.
  for (const stop of stops) stop.addEventListener('abort', wake, { once: true });
  try {
    for (;;) {
      if (stops.some((stop) => stop.aborted)) return;
      const item = source.read() as T | null;
      if (item !== null) {
        yield item;
        continue;
      }
      if (state.failure !== undefined) throw state.failure as Error;
      if (state.ended) return;
      await woken(state, idleMs);
    }
  } finally {
    for (const stop of stops) stop.removeEventListener('abort', wake);
    // Not awaited: a call that never came about cannot be closed either.
    cancel().catch(() => undefined);
  }
}

/** @throws `silence` after so many ms */
const woken = (state: { wake: () => void }, idleMs: number | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = idleMs === undefined ? undefined : setTimeout(() => reject(silence('answer')), idleMs);
    state.wake = () => {
      clearTimeout(timer);
      state.wake = () => undefined;
      resolve();
    };
  });
