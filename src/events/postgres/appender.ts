import { setImmediate } from 'node:timers';
import { storeUnavailable } from '../store.js';
import type { AppendResult } from '../store.js';
import type { AppendRequest } from './append-batch.js';
import { createAppendQueue } from './append-queue.js';
import { createBatchSizer } from './batch-size.js';
import { deliver, type DeliveryOptions, type Pending } from './delivery.js';
import { createKnownLog } from './known-log.js';

/**
 * Group commit. Requests that wait at the same time share one statement, which is one transaction and one flush to disk.
 * Two batches may be under way on the one connection: the server works on the second while this process settles the first.
 */
export interface Appender {
  append(request: AppendRequest): Promise<AppendResult>;
  /** Refuses new requests, waits for those under way, ends the connection. */
  close(): Promise<void>;
}

export interface AppenderOptions extends Omit<DeliveryOptions, 'known' | 'isClosed'> {
  /** Most events in one batch. */
  readonly batchMax: number;
  /** How long one request is tried. */
  readonly timeoutMs: number;
}

const MOST_UNDER_WAY = 2;

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
  const known = createKnownLog();
  let underWay = 0;
  let scheduled = false;
  let closed = false;
  let onIdle: (() => void) | undefined;

  // One that the database must decide goes alone: behind another, what it teaches would be out of date.
  const mostUnderWay = (): number => (known.certain ? MOST_UNDER_WAY : 1);
  // Not at once: callers that act in the same turn of the event loop shall share a batch.
  const schedule = (): void => {
    if (scheduled || underWay >= mostUnderWay() || queue.ready === 0) return;
    scheduled = true;
    setImmediate(flush);
  };
  const flush = (): void => {
    scheduled = false;
    while (underWay < mostUnderWay() && queue.ready > 0) {
      const alone = underWay === 0;
      const batch = queue.take(alone ? sizer.next(queue.ready) : queue.ready);
      const started = performance.now();
      underWay += 1;
      void deliver(batch, { ...options, known, isClosed: () => closed }).finally(() => {
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
