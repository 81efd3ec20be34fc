import type pg from 'pg';
import { invalidAppend, storeUnavailable } from '../store.js';
import type { AppendResult, RecordedEvent } from '../store.js';
import { batchQuery, readDecisions, writtenEvents } from './append-batch.js';
import type { AppendRequest, Decision } from './append-batch.js';
import { LOG_BLOCKED, logBlocked } from './behind-head.js';
import type { DedicatedConnection } from './dedicated-connection.js';
import { classify, isUniqueViolation, type Failure } from './failures.js';
import type { KnownLog } from './known-log.js';
import { plannedQuery } from './planned-batch.js';
import { backoffMs, pause, within } from '../waiting.js';

/** One call of `append` that waits for its outcome. */
export interface Pending {
  readonly request: AppendRequest;
  /** By `performance.now()`. */
  readonly deadline: number;
  /** An attempt was cut off after it had been sent. */
  maybeWritten: boolean;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

export interface DeliveryOptions {
  /** Must have been set up with `appenderSession`, in pipeline mode. */
  readonly connection: DedicatedConnection;
  /** Whether `onWritten` wants the events themselves. */
  readonly wantsEvents: () => boolean;
  /** Told of each batch after its commit: its last position, and its events in order of position if wanted. */
  readonly onWritten: (lastPosition: bigint, events: readonly RecordedEvent[]) => void;
  /** Told how many appends and events shared one transaction, after its commit. */
  readonly onBatch?: ((requests: number, events: number) => void) | undefined;
  readonly warn: (error: unknown, message: string) => void;
  /** Told in plain words what keeps every append from being done. */
  readonly alarm: (message: string) => void;
  readonly known: KnownLog;
  /** Then a failed batch is not tried again. */
  readonly isClosed: () => boolean;
}

/** A batch is given at least this long, however little time its oldest request has left. */
const SHORTEST_ATTEMPT_MS = 1_000;

/** Tries a batch until each of its requests is settled. */
export async function deliver(batch: readonly Pending[], options: DeliveryOptions): Promise<void> {
  let left = expire(batch);
  for (let attempt = 0; left.length > 0; attempt++) {
    const leftMs = Math.min(...left.map((item) => item.deadline)) - performance.now();
    const answer = await send(left, Math.max(SHORTEST_ATTEMPT_MS, leftMs), options).catch(asFailure);
    if (!('failure' in answer)) {
      settle(left, answer, options);
      return;
    }
    if (answer.failure === 'refused') return refuse(left, answer.error, options);
    if (answer.failure === 'blocked') {
      options.alarm(LOG_BLOCKED);
      for (const item of left) item.reject(logBlocked(answer.error));
      return;
    }
    if (answer.failure === 'broken' || options.isClosed()) {
      const message = 'The event log cannot be written';
      for (const item of left) item.reject(storeUnavailable(message, outcomeOf(item), answer.error));
      return;
    }
    options.warn(answer.error, 'An append failed and is tried again');
    await pause(backoffMs(attempt));
    left = expire(left);
  }
}

const asFailure = (error: unknown): { readonly failure: Failure; readonly error: unknown } => ({
  failure: classify(error),
  error,
});

const outcomeOf = (item: Pending): 'none' | 'unknown' => (item.maybeWritten ? 'unknown' : 'none');

function expire(items: readonly Pending[]): readonly Pending[] {
  const now = performance.now();
  for (const item of items) {
    if (item.deadline <= now) {
      item.reject(storeUnavailable('The event log could not be reached in time', outcomeOf(item)));
    }
  }
  return items.filter((item) => item.deadline > now);
}

/** One request of the batch spoils it: the halves are tried alone, until it stands alone. */
async function refuse(items: readonly Pending[], error: unknown, options: DeliveryOptions): Promise<void> {
  const [first] = items;
  if (items.length === 1) {
    first?.reject(invalidAppend('the database refuses it', error));
    return;
  }
  const middle = Math.ceil(items.length / 2);
  await deliver(items.slice(0, middle), options);
  await deliver(items.slice(middle), options);
}

async function send(items: readonly Pending[], ms: number, options: DeliveryOptions): Promise<readonly Decision[]> {
  const late = (): Error => new Error('The database did not answer in time');
  const client = await within(options.connection.get(), ms, late);
  const requests = items.map((item) => item.request);
  try {
    return await within(decide(client, requests, options.known), ms, late);
  } catch (error) {
    options.known.forget();
    if (classify(error) === 'lost') {
      for (const item of items) item.maybeWritten = true;
      options.connection.discard(client);
    }
    throw error;
  }
}

/** Writes the batch from what is known of the log, or else lets the database decide it. */
async function decide(
  client: pg.Client,
  requests: readonly AppendRequest[],
  known: KnownLog,
): Promise<readonly Decision[]> {
  const plan = known.plan(requests, Date.now());
  if (plan !== undefined) {
    const { rowCount } = await client.query(plannedQuery(plan)).catch(nothingIfKnown);
    if (rowCount !== 0) return plan.decisions;
    known.forget();
  }
  const answered = known.asking();
  let decisions: readonly Decision[] = [];
  try {
    decisions = readDecisions(requests, (await client.query<unknown[]>(batchQuery(requests))).rows);
    return decisions;
  } finally {
    answered(requests, decisions);
  }
}

function nothingIfKnown(error: unknown): { rowCount: number } {
  if (!isUniqueViolation(error)) throw error;
  return { rowCount: 0 };
}

function settle(items: readonly Pending[], decisions: readonly Decision[], options: DeliveryOptions): void {
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
