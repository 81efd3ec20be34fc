import type { Readable } from 'node:stream';
import { pause } from '../waiting.js';

/** The server said nothing for too long. */
export const silence = (what: string): Error =>
  Object.assign(new Error(`The event store did not ${what} in time`), { code: 4, silence: true });

/**
 * The items of one of the client's streams, one by one, as fast as they are asked for and no faster: nothing is read ahead of
 * a slow consumer but the stream's own small buffer. However it ends, the server's side of the call is closed too; leaving a
 * `for await` over the client's stream alone would leave that open.
 * @param cancel closes the call
 * @param idleMs how long the server may be silent; undefined: for ever
 * @throws what the stream failed with, or `silence`
 */
export async function* pull<T>(
  source: Readable,
  cancel: () => Promise<unknown>,
  { idleMs, signal }: { readonly idleMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<T, void, undefined> {
  let failure: unknown;
  let ended = false;
  let wake: () => void = () => undefined;
  const end = (): void => {
    ended = true;
    wake();
  };
  source.on('error', (error: unknown) => {
    failure ??= error ?? new Error('The stream failed');
    wake();
  });
  source.on('end', end);
  source.on('close', end);
  source.on('readable', () => wake());
  const abort = (): void => wake();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      if (signal?.aborted === true) return;
      const item = source.read() as T | null;
      if (item !== null) {
        yield item;
        continue;
      }
      if (failure !== undefined) throw failure as Error;
      if (ended) return;
      const timer = new AbortController();
      let woken = false;
      const awake = new Promise<void>((resolve) => {
        wake = () => {
          woken = true;
          resolve();
        };
      });
      await (idleMs === undefined ? awake : Promise.race([awake, pause(idleMs, timer.signal)]));
      timer.abort();
      wake = () => undefined;
      if (!woken) throw silence('answer');
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    // Not awaited: a call that never came about cannot be closed either.
    cancel().catch(() => undefined);
  }
}
