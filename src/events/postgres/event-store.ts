import type pg from 'pg';
import { startupError } from '../../platform/startup-error.js';
import type { StoreLogger } from '../store-logger.js';
import { storeUnavailable, type EventStore } from '../store.js';
import { validateAppend } from '../validate-append.js';
import { appendRequest } from './append-batch.js';
import { appenderSession, createAppender } from './appender.js';
import { LOG_BLOCKED, readMisplaced } from './behind-head.js';
import { createDedicatedConnection } from './dedicated-connection.js';
import { classify } from './failures.js';
import { readAll, readHead, readPages, readStream, type RunQuery } from './reader.js';
import { subscribe } from './subscription.js';
import { createTail } from './tail.js';
import { backoffMs, pause } from '../waiting.js';
import { createWakeUp, listenTo } from './wake-up.js';

export interface PostgresEventStoreSettings {
  /** Most events in one transaction. */
  readonly appendBatchMax: number;
  /** How long an append, or one page of a read, is tried before it fails with `store_unavailable`. */
  readonly appendTimeoutMs: number;
  /** Events per round trip of a read. */
  readonly readPageEvents: number;
  /** How often subscriptions look for events of other processes whose notice was lost. Default 500. */
  readonly pollMs?: number | undefined;
}

export interface PostgresEventStoreOptions {
  /** With `search_path` at the schema that holds `eventStoreMigrations`. Two connections beside it are made like its own. */
  readonly pool: pg.Pool;
  readonly logger: StoreLogger;
  readonly settings: PostgresEventStoreSettings;
  /** Told how many appends and events shared one transaction, after its commit. */
  readonly onBatch?: ((requests: number, events: number) => void) | undefined;
}

const DEFAULT_POLL_MS = 500;

/** Runs statements on the pool. Lost connections are tried again until `giveUp` says so; it may throw a better error. */
const retrying =
  (pool: pg.Pool, again: (error: unknown, attempt: number) => Promise<void>): RunQuery =>
  async (query) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await pool.query<unknown[]>(query)).rows;
      } catch (error) {
        const failure = classify(error);
        if (failure !== 'lost' && failure !== 'later') throw error;
        await again(error, attempt);
      }
    }
  };

/** For single reads: gives up after so many ms. */
const retryFor = (pool: pg.Pool, ms: number): RunQuery => {
  return (query) => {
    const deadline = performance.now() + ms;
    const run = retrying(pool, async (error, attempt) => {
      if (performance.now() > deadline) throw storeUnavailable('The event log could not be read', 'none', error);
      await pause(backoffMs(attempt));
    });
    return run(query);
  };
};

const HEAD_MISSING =
  'The event log has no head: the one row of the table log_head is gone. Without it nothing can be read, checked or appended. ' +
  'Restore it from a back-up, or see docs/operations.md, "A blocked log".';

async function readLogId(run: RunQuery): Promise<string> {
  const rows = await run({ text: 'SELECT log_id::text FROM log_head', rowMode: 'array' });
  const [logId] = rows[0] ?? [];
  if (typeof logId !== 'string') throw startupError('log_head_missing', HEAD_MISSING);
  return logId;
}

/**
 * Opens the event log in PostgreSQL. Several processes may open the same one.
 * @throws StartupError `log_head_missing` when the log has lost its head; and when the log's tables are not there or the server cannot be reached
 */
export async function createPostgresEventStore(options: PostgresEventStoreOptions): Promise<EventStore> {
  const { pool, logger, settings } = options;
  const { appendTimeoutMs, readPageEvents } = settings;
  const say = (level: 'debug' | 'warn') => (error: unknown, message: string) =>
    logger[level]({ err: { message: error instanceof Error ? error.message : 'unknown' } }, message);
  const run = retryFor(pool, appendTimeoutMs);
  const logId = await readLogId(run);
  const alarm = (message: string): void => logger.error({ code: 'log_blocked' }, message);
  if ((await readMisplaced(run)) !== undefined) alarm(LOG_BLOCKED);
  const tail = createTail();
  const closing = new AbortController();
  const channel = `events_${logId.replaceAll('-', '')}`;
  let subscriptions = 0;

  const wakeUp = createWakeUp({
    tail,
    connection: createDedicatedConnection({
      pool,
      label: 'listen',
      pipeline: false,
      setUp: (client) => listenTo(channel, () => wakeUp.heard())(client),
      onLost: (error) => {
        say('debug')(error, 'The connection that listens was lost');
        wakeUp.lost();
      },
    }),
    channel,
    readHead: async () => (await readHead(run)).position,
    pollMs: settings.pollMs ?? DEFAULT_POLL_MS,
    debug: say('debug'),
  });
  const appender = createAppender({
    connection: createDedicatedConnection({
      pool,
      label: 'append',
      pipeline: true,
      setUp: (client) => client.query(appenderSession(appendTimeoutMs)),
      onLost: (error) => say('warn')(error, 'The connection that appends was lost'),
    }),
    batchMax: settings.appendBatchMax,
    timeoutMs: appendTimeoutMs,
    wantsEvents: () => subscriptions > 0,
    onWritten: (lastPosition, events) => {
      tail.publish(events);
      tail.raise(lastPosition);
      wakeUp.announce();
    },
    onBatch: options.onBatch,
    warn: say('warn'),
    alarm,
  });

  return {
    logId,
    contiguous: true,
    // Asynchronous, so that what is invalid rejects and does not throw.
    async append(stream, events, { expected }) {
      validateAppend(stream, events, expected);
      return appender.append(appendRequest(stream, events, expected));
    },
    readStream: (stream, read = {}) => readStream(run, stream, { ...read, pageSize: readPageEvents }),
    readAll: (read = {}) => readAll(run, { ...read, pageSize: read.pageSize ?? readPageEvents }),
    async *readPages({ after = 0n, until, types, pageSize = readPageEvents, ...rest } = {}) {
      const { position } = await readHead(run);
      const end = until === undefined || until > position ? position : until;
      yield* readPages(run, { after, until: end, types, pageSize, ...rest });
    },
    head: () => readHead(run),
    misplaced: () => readMisplaced(run),
    async *subscribe({ signal: asked, ...what }) {
      const signal = AbortSignal.any([asked, closing.signal]);
      const runAlways = retrying(pool, async (error, attempt) => {
        if (signal.aborted) throw error;
        say('warn')(error, 'A subscription could not read and tries again');
        await pause(backoffMs(attempt), signal);
      });
      const refresh = async (): Promise<bigint> => {
        const { position } = await readHead(runAlways);
        tail.raise(position);
        return position;
      };
      const damaged = (error: Error): void =>
        logger.error({ err: { message: error.message } }, 'The event log is damaged');
      const unwatch = wakeUp.watch();
      subscriptions += 1;
      try {
        yield* subscribe({ tail, run: runAlways, refresh, pageSize: readPageEvents, alarm: damaged, signal }, what);
      } finally {
        subscriptions -= 1;
        unwatch();
      }
    },
    async close() {
      closing.abort();
      await appender.close();
      await wakeUp.stop();
    },
  };
}
