import {
  END,
  eventTypeFilter,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Filter,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { LogHead, ReadStreamOptions, RecordedEvent } from '../store.js';
import { storeUnavailable } from '../store.js';
import { fullJitterMs, pause } from '../waiting.js';
import type { Connection, Generation } from './connection.js';
import { classify, isPassing, needsNewConnection } from './failures.js';
import { pull } from './pull.js';
import { decodeEvent } from './stored-event.js';

export interface Reading {
  readonly connection: Connection;
  /** Of every stream of this log on the server. */
  readonly prefix: string;
  readonly pageEvents: number;
  /** How long the server may be silent, and how long a read without progress is tried again. */
  readonly timeoutMs: number;
}

/** The last event of the log. */
export interface Head extends LogHead {
  readonly type: string;
}

/** For subscriptions, which do not give up: until the signal aborts. */
interface Lasting {
  readonly signal?: AbortSignal | undefined;
  readonly forever?: boolean;
}

/** What a read of the whole log gives: an event, or the news that there is nothing up to a place. */
export type Found = { readonly event: RecordedEvent } | { readonly nothingUpTo: bigint };

const tooOld = (): Error =>
  storeUnavailable('The event store gives no positions: it must be EventStoreDB 22.10 or newer', 'none');

const decoded = (resolved: ResolvedEvent | AllStreamResolvedEvent, prefix: string): RecordedEvent | undefined => {
  // Links are not resolved: one that somebody put into a stream of ours is an event there like any other.
  const event = resolved.event ?? resolved.link;
  if (event === undefined) return undefined;
  const read = decodeEvent(event, prefix);
  if (read === undefined) throw tooOld();
  return read;
};

/**
 * Runs one part of a read after the other; when one fails in passing it is run again, from where the one before came to.
 * @param part gives true when there is more to come
 * @param giveUpMs without progress; undefined: never
 */
export async function* persistently<T>(
  connection: Connection,
  part: (generation: Generation, onProgress: () => void) => AsyncGenerator<T, boolean, undefined>,
  { giveUpMs, signal }: { readonly giveUpMs?: number | undefined; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<T, void, undefined> {
  let progressAt = performance.now();
  let attempt = 0;
  const progress = (): void => {
    progressAt = performance.now();
    attempt = 0;
  };
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    const generation = connection.current;
    try {
      if (!(yield* part(generation, progress))) return;
      progress();
    } catch (error) {
      if (isOver()) return;
      if (!isPassing(error)) throw classify(error) === 'denied' ? denied(error) : error;
      const silentMs = performance.now() - progressAt;
      if (giveUpMs !== undefined && silentMs > giveUpMs) {
        throw storeUnavailable('The event log could not be read', 'none', error);
      }
      if (needsNewConnection(error)) connection.replace(generation);
      await pause(fullJitterMs(attempt++), signal);
    }
  }
}

const denied = (error: unknown): Error =>
  storeUnavailable('The event store refuses: check the credentials and rights in EVENTSTORE_URL', 'none', error);

/** See `EventStore.readStream`. */
export async function* readStream(
  reading: Reading,
  stream: string,
  options: ReadStreamOptions & Lasting,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { connection, prefix, pageEvents, timeoutMs } = reading;
  const { direction = 'forwards', limit = Infinity, signal, forever } = options;
  const step = direction === 'forwards' ? 1 : -1;
  let from = options.from;
  let left = limit;
  async function* page({ client }: Generation, onProgress: () => void): AsyncGenerator<RecordedEvent, boolean> {
    if (left <= 0 || (from !== undefined && from < 0 && step < 0)) return false;
    const asked = Math.min(pageEvents, left);
    const source = client.readStream(prefix + stream, {
      direction,
      fromRevision: from === undefined ? (step > 0 ? START : END) : BigInt(Math.max(from, 0)),
      maxCount: asked,
      requiresLeader: true,
    });
    let given = 0;
    try {
      for await (const item of pull<ResolvedEvent>(source, () => source.cancel(), { idleMs: timeoutMs, signal })) {
        const event = decoded(item, prefix);
        if (event === undefined) continue;
        from = event.revision + step;
        left -= 1;
        given += 1;
        onProgress();
        yield event;
      }
    } catch (error) {
      const failure = classify(error);
      // One that was deleted, softly or for good, has no events to give any more.
      if (failure === 'no-stream' || failure === 'tombstoned') return false;
      throw error;
    }
    return given === asked;
  }
  yield* persistently(connection, page, { giveUpMs: forever === true ? undefined : timeoutMs, signal });
}

const HEAD_PAGES = [1, 16, 256, 4096] as const;

/**
 * The last event of this log: the end of $all, read backwards past what is not ours.
 * @param known a head of before: reading stops where it is reached
 */
export async function readHead(reading: Reading, known: Head | undefined): Promise<Head | undefined> {
  const { connection, prefix, timeoutMs } = reading;
  let before: { commit: bigint; prepare: bigint } | undefined;
  let size = 0;
  async function* part({ client }: Generation): AsyncGenerator<Head, boolean> {
    const maxCount = HEAD_PAGES[Math.min(size++, HEAD_PAGES.length - 1)] ?? 1;
    const source = client.readAll({
      direction: 'backwards',
      fromPosition: before ?? END,
      maxCount,
      requiresLeader: true,
    });
    let given = 0;
    for await (const item of pull<AllStreamResolvedEvent>(source, () => source.cancel(), { idleMs: timeoutMs })) {
      const event = item.event ?? item.link;
      if (event === undefined) continue;
      given += 1;
      before = event.position;
      if (known !== undefined && event.position.commit <= known.position) {
        yield known;
        return false;
      }
      if (!event.streamId.startsWith(prefix)) continue;
      yield { position: event.position.commit, recordedAt: event.created.toISOString(), type: event.type };
      return false;
    }
    return given === maxCount;
  }
  for await (const head of persistently(connection, part, { giveUpMs: timeoutMs })) return head;
  return undefined;
}

/** Characters of a regular expression that stand for themselves after a backslash. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Checkpoints come every so many events that the server looked at: 32 times this. */
const CHECKPOINT_INTERVAL = 4;

const filterOf = (prefix: string, types: readonly string[] | undefined): Filter => {
  const checkpoints = {
    checkpointInterval: CHECKPOINT_INTERVAL,
    // In among the events, so that it is passed on in its place; and it cannot throw (T9).
    checkpointReached: (subscription: { push?: (item: unknown) => unknown }, position: { commit: bigint }): void => {
      subscription.push?.({ nothingUpTo: position.commit });
    },
  };
  return types === undefined
    ? streamNameFilter({ prefixes: [prefix], ...checkpoints })
    : eventTypeFilter({ regex: `^(?:${types.map(literally).join('|')})$`, ...checkpoints });
};

/** Events that were asked for only to see the end are told of once in so many. */
const TELL_EVERY = 100;

interface FollowOptions {
  /** Exclusive. */
  readonly after: bigint;
  readonly types?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Silence that is a failure; undefined where silence is normal. */
  readonly idleMs?: number | undefined;
  readonly giveUpMs?: number | undefined;
  /** Aborts what is running, to begin again from where it is. */
  readonly restart?: (() => AbortSignal) | undefined;
}

/**
 * The log from after a position on, for ever, filtered on the server. Begins again from its own place after an error and
 * after an end that nobody asked for (T4).
 */
export async function* follow(reading: Reading, options: FollowOptions): AsyncGenerator<Found, void, undefined> {
  const { connection, prefix } = reading;
  const { types, signal } = options;
  let after = options.after;
  async function* part({ client, gone }: Generation, onProgress: () => void): AsyncGenerator<Found, boolean> {
    const source = client.subscribeToAll({
      fromPosition: after === 0n ? START : { commit: after, prepare: after },
      filter: filterOf(prefix, types),
      requiresLeader: true,
    });
    source.once('confirmation', onProgress);
    const stops = [gone, options.restart?.(), signal].filter((one) => one !== undefined);
    const items = pull<AllStreamResolvedEvent | { nothingUpTo: bigint }>(source, () => source.unsubscribe(), {
      idleMs: options.idleMs,
      signal: AbortSignal.any(stops),
    });
    for await (const item of items) {
      if ('nothingUpTo' in item) {
        if (item.nothingUpTo <= after || item.nothingUpTo > 0x7fff_ffff_ffff_ffffn) continue;
        after = item.nothingUpTo;
        yield item;
        continue;
      }
      const source = item.event ?? item.link;
      const event = source?.streamId.startsWith(prefix) === true ? decoded(item, prefix) : undefined;
      if (event === undefined || event.position <= after) continue;
      after = event.position;
      onProgress();
      yield { event };
    }
    if (signal?.aborted === true) return false;
    throw Object.assign(new Error('The subscription ended'), { code: 14 });
  }
  yield* persistently(connection, part, { giveUpMs: options.giveUpMs, signal });
}

/**
 * The part of the log after a position up to `until`, an event that is there. Its type is asked for too, so that the end
 * shows: a filter that matches nothing gives nothing, for ever.
 */
export async function* readRange(
  reading: Reading,
  range: { readonly after: bigint; readonly until: Head } & Lasting,
  types: readonly string[] | undefined,
): AsyncGenerator<Found, void, undefined> {
  const { after, until, signal, forever } = range;
  if (after >= until.position) return;
  const wanted = types === undefined ? undefined : new Set(types);
  const asked = wanted === undefined ? undefined : [...new Set([...wanted, until.type])];
  const { timeoutMs } = reading;
  const giveUpMs = forever === true ? undefined : timeoutMs;
  let passed = 0;
  for await (const found of follow(reading, { after, types: asked, signal, idleMs: timeoutMs, giveUpMs })) {
    const position = 'event' in found ? found.event.position : found.nothingUpTo;
    if (position > until.position) return;
    if ('event' in found && wanted?.has(found.event.type) === false) {
      passed += 1;
      if (position === until.position || passed % TELL_EVERY === 0) yield { nothingUpTo: position };
    } else {
      yield found;
    }
    if (position === until.position) return;
  }
}
