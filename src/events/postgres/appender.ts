import { setImmediate } from 'node:timers';
import { invalidAppend, storeUnavailable } from '../store.js';
import type { AppendResult, RecordedEvent } from '../store.js';
import { batchQuery, quickQuery, readDecisions, writtenEvents } from './append-batch.js';
import type { AppendRequest, Decision } from './append-batch.js';
import { createAppendQueue } from './append-queue.js';
import { createBatchSizer } from './batch-size.js';
import type { DedicatedConnection } from './dedicated-connection.js';
import { classify, isUniqueViolation } from './failures.js';
import { backoffMs, pause, within } from './waiting.js';

/**
 * Group commit. Requests that wait at the same time share one statement, which is one transaction and one flush to disk.
 * Two batches may be under way on the one connection: the server works on the second while this process settles the first.
 */
export interface Appender {
  append(request: AppendRequest): Promise<AppendResult>;
  /** Refuses new requests, waits for those under way, ends the connection. */
  close(): Promise<void>;
}

export interface AppenderOptions {
  /** Must have been set up with `appenderSession`, in pipeline mode. */
  readonly connection: DedicatedConnection;
  /** Most events in one batch. */
  readonly batchMax: number;
  /** How long one request is tried. */
  readonly timeoutMs: number;
  /** Whether `onWritten` wants the events themselves. */
  readonly wantsEvents: () => boolean;
  /** Told of each batch after its commit: its last position, and its events in order of position if wanted. */
  readonly onWritten: (lastPosition: bigint, events: readonly RecordedEvent[]) => void;
  /** Told how many appends and events shared one transaction, after its commit. */
  readonly onBatch?: ((requests: number, events: number) => void) | undefined;
  readonly warn: (error: unknown, message: string) => void;
}

interface Pending {
  readonly request: AppendRequest;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** An attempt was cut off after it had been sent. */
  maybeWritten: boolean;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

const MOST_UNDER_WAY = 2;
/** A batch is given at least this long, however little time its oldest request has left. */
const SHORTEST_ATTEMPT_MS = 1_000;

/** Settings of the appender's session: its statements are prepared once and must never fall back to scanning the log. */
export const appenderSession = (timeoutMs: number): string => `
  SET default_transaction_isolation = 'read committed';
  SET statement_timeout = ${timeoutMs};
  SET lock_timeout = ${Math.ceil(timeoutMs / 2)};
  SET idle_in_transaction_session_timeout = ${timeoutMs};
  SET plan_cache_mode = force_generic_plan;
  SET enable_seqscan = off;
  SET jit = off;
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';`;

export function createAppender(options: AppenderOptions): Appender {
  const queue = createAppendQueue<Pending>(options.batchMax);
  const sizer = createBatchSizer();
  let underWay = 0;
  let scheduled = false;
  let closed = false;
  let onIdle: (() => void) | undefined;

  // Not at once: callers that act in the same turn of the event loop shall share a batch.
  const schedule = (): void => {
    if (scheduled || underWay >= MOST_UNDER_WAY || queue.ready === 0) return;
    scheduled = true;
    setImmediate(flush);
  };
  const flush = (): void => {
    scheduled = false;
    while (underWay < MOST_UNDER_WAY && queue.ready > 0) {
      const alone = underWay === 0;
      const batch = queue.take(alone ? sizer.next(queue.ready) : queue.ready);
      const started = performance.now();
      underWay += 1;
      void carryOut(batch, { ...options, isClosed: () => closed }).finally(() => {
        underWay -= 1;
        if (alone) sizer.measured(batch.length, performance.now() - started);
        queue.done(batch);
        schedule();
        if (underWay === 0 && queue.size === 0) onIdle?.();
      });
    }
  };

  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(storeUnavailable('The event store is closed', 'none'));
          return;
        }
        const deadline = performance.now() + options.timeoutMs;
        queue.add({ request, deadline, maybeWritten: false, resolve, reject });
        schedule();
      }),
    async close() {
      closed = true;
      if (underWay > 0 || queue.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await options.connection.end();
    },
  };
}

interface Carrier extends AppenderOptions {
  /** Then a failed batch is not tried again. */
  readonly isClosed: () => boolean;
}

/** Tries a batch until each of its requests is settled. Never rejects. */
async function carryOut(batch: readonly Pending[], options: Carrier): Promise<void> {
  let left = batch;
  for (let attempt = 0; left.length > 0; attempt++) {
    const now = performance.now();
    left = expire(left, now);
    if (left.length === 0) return;
    const attemptMs = Math.max(SHORTEST_ATTEMPT_MS, Math.min(...left.map((item) => item.deadline)) - now);
    try {
      settle(left, await send(left, attemptMs, options), options);
      return;
    } catch (error) {
      const failure = classify(error);
      if (failure === 'refused') return refuse(left, error, options);
      if (failure === 'broken') {
        for (const item of left)
          item.reject(storeUnavailable('The database refused the append', outcomeOf(item), error));
        return;
      }
      options.warn(error, 'An append failed and is tried again');
      await pause(backoffMs(attempt));
    }
  }
}

const outcomeOf = (item: Pending): 'none' | 'unknown' => (item.maybeWritten ? 'unknown' : 'none');

function expire(items: readonly Pending[], now: number): readonly Pending[] {
  for (const item of items) {
    if (item.deadline <= now) {
      item.reject(storeUnavailable('The event log could not be reached in time', outcomeOf(item)));
    }
  }
  return items.filter((item) => item.deadline > now);
}

/** One request of the batch spoils it: the halves are tried alone, until it stands alone. */
async function refuse(items: readonly Pending[], error: unknown, options: Carrier): Promise<void> {
  const [first] = items;
  if (items.length === 1) {
    first?.reject(invalidAppend('the database refuses it', error));
    return;
  }
  const middle = Math.ceil(items.length / 2);
  await carryOut(items.slice(0, middle), options);
  await carryOut(items.slice(middle), options);
}

async function send(items: readonly Pending[], ms: number, options: AppenderOptions): Promise<readonly Decision[]> {
  const late = (): Error => new Error('The database did not answer in time');
  const client = await within(options.connection.get(), ms, late);
  const requests = items.map((item) => item.request);
  const ask = async (query: ReturnType<typeof batchQuery>): Promise<readonly Decision[] | undefined> =>
    readDecisions(requests, (await client.query<unknown[]>(query)).rows);
  const decide = async (): Promise<readonly Decision[]> => {
    const quick = quickQuery(requests);
    const decided = quick && (await ask(quick).catch(undecidedIfKnown));
    const decisions = decided ?? (await ask(batchQuery(requests)));
    if (decisions === undefined) throw new Error('append_batch left a request undecided');
    return decisions;
  };
  try {
    return await within(decide(), ms, late);
  } catch (error) {
    if (classify(error) === 'lost') {
      for (const item of items) item.maybeWritten = true;
      options.connection.discard(client);
    }
    throw error;
  }
}

function undecidedIfKnown(error: unknown): undefined {
  if (!isUniqueViolation(error)) throw error;
  return undefined;
}

function settle(items: readonly Pending[], decisions: readonly Decision[], options: AppenderOptions): void {
  let last = 0n;
  let written = 0;
  const events: RecordedEvent[] = [];
  const wanted = options.wantsEvents();
  for (const [index, item] of items.entries()) {
    const decided = decisions[index];
    if (decided === undefined || decided.result instanceof Error) continue;
    if (decided.result.position > last) last = decided.result.position;
    written += item.request.events.length;
    if (wanted) events.push(...writtenEvents(item.request, decided));
  }
  if (last > 0n) options.onWritten(last, events);
  options.onBatch?.(items.length, written);
  for (const [index, item] of items.entries()) {
    const result = decisions[index]?.result;
    if (result === undefined || result instanceof Error) item.reject(result ?? new Error('A request was not decided'));
    else item.resolve(result);
  }
}
