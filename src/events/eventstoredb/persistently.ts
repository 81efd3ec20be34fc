import type { StoreLogger } from '../store-logger.js';
import { isStoreUnavailable, storeUnavailable } from '../store.js';
import { fullJitterMs, pause } from '../waiting.js';
import type { Connection, Generation } from './connection.js';
import { classify, describeFailure, isPassing, needsNewConnection } from './failures.js';
import { nowAndThen } from './now-and-then.js';

/** A part of a read: gives true when there is more to come. */
export type Part<T> = (generation: Generation, onProgress: () => void) => AsyncGenerator<T, boolean, undefined>;

export interface Persistence {
  readonly logger: StoreLogger;
  /** Without progress; undefined: never. */
  readonly giveUpMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What lasted so long was no part of a row of failures. */
const STEADY_MS = 10_000;

/** What nobody gets over by trying again. */
const final = (error: unknown): unknown => {
  if (isStoreUnavailable(error)) return error;
  const why =
    classify(error) === 'denied'
      ? 'The event store refuses: check the credentials and rights in EVENTSTORE_URL'
      : 'The event store refuses this read: the place may be none of its log (was it restored, or scavenged?)';
  return storeUnavailable(why, 'none', error);
};

/**
 * Runs one part of a read after the other; when one fails in passing it is run again, from where the one before came to.
 * @throws StoreUnavailableError
 */
export async function* persistently<T>(
  connection: Connection,
  part: Part<T>,
  { logger, giveUpMs, signal }: Persistence,
): AsyncGenerator<T, void, undefined> {
  let progressAt = performance.now();
  const tell = nowAndThen();
  let attempt = 0;
  const progress = (): void => {
    progressAt = performance.now();
    attempt = 0;
  };
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    if (connection.isClosed) throw storeUnavailable('The event store is closed', 'none');
    const generation = connection.current;
    const startedAt = performance.now();
    try {
      if (!(yield* part(generation, progress))) return;
      progress();
    } catch (error) {
      if (isOver()) return;
      if (isStoreUnavailable(error) || !isPassing(error)) throw final(error);
      const now = performance.now();
      if (giveUpMs !== undefined && now - progressAt > giveUpMs) {
        throw storeUnavailable('The event log could not be read', 'none', error);
      }
      if (now - startedAt > STEADY_MS) attempt = 0;
      tell(() => logger.warn({ err: describeFailure(error) }, 'A read of the event store failed and is tried again'));
      // A server that answered others meanwhile is only slow.
      if (needsNewConnection(error) && generation.heard.at < startedAt) connection.replace(generation);
      await pause(fullJitterMs(attempt++), signal);
    }
  }
}
