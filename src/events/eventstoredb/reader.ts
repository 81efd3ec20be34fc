import { END, START, type AllStreamResolvedEvent, type ResolvedEvent } from '@eventstore/db-client';
import type { StoreLogger } from '../store-logger.js';
import type { LogHead, ReadStreamOptions, RecordedEvent } from '../store.js';
import { storeUnavailable } from '../store.js';
import type { Connection, Generation } from './connection.js';
import { classify } from './failures.js';
import { persistently } from './persistently.js';
import { cutOff, pull } from './pull.js';
import { decodeEvent } from './stored-event.js';

export interface Reading {
  readonly connection: Connection;
  /** Of every stream of this log on the server. */
  readonly prefix: string;
  readonly pageEvents: number;
  /** How long the server may be silent, and how long a read without progress is tried again. */
  readonly timeoutMs: number;
  readonly logger: StoreLogger;
}

/** The last event of the log. */
export interface Head extends LogHead {
  readonly type: string;
}

/** For subscriptions, which do not give up: until the signal aborts. */
export interface Lasting {
  readonly signal?: AbortSignal | undefined;
  readonly forever?: boolean;
}

/** What a read of the whole log gives: an event, or the news that there is nothing up to a place. */
export type Found = { readonly event: RecordedEvent } | { readonly nothingUpTo: bigint };

const tooOld = (): Error =>
  storeUnavailable('The event store gives no positions: it must be EventStoreDB 22.10 or newer', 'none');

/** @throws StoreUnavailableError when the server is too old */
export const decoded = (
  resolved: ResolvedEvent | AllStreamResolvedEvent,
  prefix: string,
): RecordedEvent | undefined => {
  // Links are not resolved: one that somebody put into a stream of ours is an event there like any other.
  const event = resolved.event ?? resolved.link;
  if (event === undefined) return undefined;
  const read = decodeEvent(event, prefix);
  if (read === undefined) throw tooOld();
  return read;
};

/** See `EventStore.readStream`. */
export async function* readStream(
  reading: Reading,
  stream: string,
  options: ReadStreamOptions & Lasting,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { connection, prefix, pageEvents, timeoutMs, logger } = reading;
  const { direction = 'forwards', limit = Infinity, signal, forever } = options;
  const step = direction === 'forwards' ? 1 : -1;
  let from = options.from;
  let left = limit;
  async function* page(
    { client, gone, heard }: Generation,
    onProgress: () => void,
  ): AsyncGenerator<RecordedEvent, boolean> {
    if (left <= 0 || (from !== undefined && from < 0 && step < 0)) return false;
    const asked = Math.min(pageEvents, left);
    const source = client.readStream(prefix + stream, {
      direction,
      fromRevision: from === undefined ? (step > 0 ? START : END) : BigInt(Math.max(from, 0)),
      maxCount: asked,
      requiresLeader: true,
    });
    const stops = signal === undefined ? [gone] : [gone, signal];
    let given = 0;
    try {
      for await (const item of pull<ResolvedEvent>(source, () => source.cancel(), { idleMs: timeoutMs, stops })) {
        heard.at = performance.now();
        const event = decoded(item, prefix);
        if (event === undefined) continue;
        from = event.revision + step;
        left -= 1;
        given += 1;
        yield event;
        onProgress(); // only now: while the consumer works, nothing is late
      }
    } catch (error) {
      const failure = classify(error);
      // One that was deleted, softly or for good, has no events to give any more.
      if (failure === 'no-stream' || failure === 'tombstoned') return false;
      throw error;
    }
    // A client that is put away ends its reads as if all had been given.
    if (gone.aborted) throw cutOff();
    return given === asked;
  }
  yield* persistently(connection, page, { logger, giveUpMs: forever === true ? undefined : timeoutMs, signal });
}
