import type { StoreLogger } from '../store-logger.js';
import {
  isStoreUnavailable,
  type EventPage,
  type EventStore,
  type ReadAllOptions,
  type RecordedEvent,
} from '../store.js';
import { validateAppend } from '../validate-append.js';
import { fullJitterMs, pause } from '../waiting.js';
import { createAppender } from './appender.js';
import { createConnection } from './connection.js';
import type { EventStoreAddress } from './connection-string.js';
import { explainUnavailable } from './explain.js';
import { readRange } from './follow.js';
import { createHeadReader } from './head.js';
import { readLogId } from './identity.js';
import { createLiveTail } from './live-tail.js';
import { createLogGuard } from './log-guard.js';
import { oneAhead } from './one-ahead.js';
import { readStream, type Found, type Head, type Reading } from './reader.js';
import { subscribe } from './subscription.js';

export interface EventStoreDbSettings {
  /** Begins the name of every stream of this log on the server; what begins otherwise is not ours. */
  readonly streamPrefix: string;
  /** How long an append, or a read without progress, is tried before it fails with `store_unavailable`. */
  readonly timeoutMs: number;
  /** Events of one stream that are asked for at a time. */
  readonly readPageEvents: number;
  /** Most appends on their way at the same time. */
  readonly appendsInFlight: number;
}

export interface EventStoreDbOptions {
  readonly address: EventStoreAddress;
  readonly logger: StoreLogger;
  readonly settings: EventStoreDbSettings;
}

const hasEnded = (signal: AbortSignal): boolean => signal.aborted;

/**
 * Opens the event log in EventStoreDB / KurrentDB. Several processes may open the same one.
 * @throws StartupError `event_store_unreachable`, `event_store_refused` or `event_store_too_old`
 */
export const createEventStoreDbStore = async (options: EventStoreDbOptions): Promise<EventStore> => {
  const { address, logger, settings } = options;
  const guard = createLogGuard(logger);
  const connection = createConnection(address.connectionString, logger, () => guard.check());
  const { streamPrefix: prefix, timeoutMs, readPageEvents: pageEvents } = settings;
  const reading: Reading = { connection, prefix, pageEvents, timeoutMs, logger };
  const closing = new AbortController();
  const look = createHeadReader(reading);
  const head = async (): Promise<Head | undefined> => {
    await guard.ensure();
    return (await look()).head;
  };
  const headForLong = async (signal: AbortSignal): Promise<Head | undefined> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await head();
      } catch (error) {
        if (signal.aborted || !isStoreUnavailable(error)) throw error;
        await pause(fullJitterMs(attempt), signal);
      }
    }
  };
  const live = createLiveTail({
    ...{ reading, logger, signal: closing.signal },
    head: headForLong,
    check: () => guard.check(),
  });
  const appender = createAppender({
    ...{ connection, reading, timeoutMs, logger, inFlight: settings.appendsInFlight },
    onWritten: (position) => live.expect(position),
  });

  const close = async (): Promise<void> => {
    closing.abort();
    await appender.close();
    await live.stopped();
    await connection.close();
  };
  const logId = await readLogId(reading, appender).catch(async (error: unknown) => {
    await close();
    throw explainUnavailable(address, error);
  });
  guard.begin(reading, logId);

  /** What is there from `after` up to `until`, or up to the head at this moment. */
  async function* readUpTo({ after = 0n, until, types }: ReadAllOptions): AsyncGenerator<Found, void, undefined> {
    const end = await head();
    if (end === undefined) return;
    const last = until === undefined || until > end.position ? end.position : until;
    for await (const found of readRange(reading, { after, until: end }, types)) {
      const position = 'event' in found ? found.event.position : found.nothingUpTo;
      if (position > last) break;
      yield found;
      if (position === last) return;
    }
    if (last > after) yield { nothingUpTo: last };
  }

  async function* pages({
    pageSize = pageEvents,
    ...options
  }: ReadAllOptions): AsyncGenerator<EventPage<RecordedEvent>, void, undefined> {
    let events: RecordedEvent[] = [];
    let to = options.after ?? 0n;
    for await (const found of readUpTo(options)) {
      to = 'event' in found ? found.event.position : found.nothingUpTo;
      if ('event' in found) events.push(found.event);
      if (events.length < pageSize) continue;
      yield { events, to };
      events = [];
    }
    yield { events, to };
  }

  return {
    logId,
    contiguous: false,
    // Asynchronous, so that what is invalid rejects and does not throw.
    async append(stream, events, { expected }) {
      validateAppend(stream, events, expected);
      // Not waited for otherwise: an append that was begun before `close` is still taken.
      if (guard.isReplaced) await guard.check();
      return appender.append(stream, events, expected);
    },
    async *readStream(stream, read = {}) {
      await guard.ensure();
      yield* readStream(reading, stream, read);
    },
    async *readAll({ limit = Infinity, ...options } = {}) {
      let left = limit;
      if (left <= 0) return;
      for await (const found of readUpTo(options)) {
        if (!('event' in found)) continue;
        yield found.event;
        if (--left <= 0) return;
      }
    },
    readPages: (options = {}) => oneAhead(pages(options)),
    async head() {
      await guard.ensure();
      const { head: last, to } = await look();
      const position = last?.position ?? 0n;
      return { position, recordedAt: last?.recordedAt ?? null, end: to > position ? to : position, sparse: true };
    },
    async *subscribe({ signal: asked, ...what }) {
      const signal = AbortSignal.any([asked, closing.signal]);
      if (signal.aborted) return;
      try {
        await live.start(signal);
        yield* subscribe({ tail: live.tail, reading, head: () => headForLong(signal), signal }, what);
      } catch (error) {
        if (!hasEnded(signal)) throw error;
      }
    },
    close,
  };
};
