import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import { isEventCorrupt } from '../events/errors.js';
import type { WorkPhase, WorkProgress } from './admin.js';
import { applyBatch, undecodable } from './apply.js';
import { historyInBatches, type Batch } from './batches.js';
import { ended, lowest, working, type Copy, type Ended } from './held-copies.js';
import { markFailed } from './leases.js';
import type { ProjectionFailure } from './failure.js';
import { leavingOut } from './skips.js';
import { paceOf, restMs, sleep } from './timing.js';

// Brings copies that nobody else feeds up to a position of the log: rebuilds, checks and roll-backs.

export interface LoaderDependencies {
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'readPages'>;
  readonly signal?: AbortSignal | undefined;
  readonly tell: (progress: WorkProgress) => void;
  /** Events folded and written at a time. */
  readonly batchEvents?: number | undefined;
  /** Share of the time in which it may work, 1 to 100; the rest it sleeps, after every batch. */
  readonly maxLoadPercent: number;
}

export interface Loader {
  /** Brings all copies up to a position. One that cannot go on is `ended`; the others are brought there all the same. */
  readonly advance: (copies: readonly Copy[], until: bigint, phase: WorkPhase) => Promise<void>;
}

const BATCH_EVENTS = 1000;
/** Who is to leave room for others works in small pieces: others wait for one of them at most. */
const THROTTLED_BATCH_EVENTS = 200;
/** How far the fastest copy may be ahead of the slowest. */
const LEAD_BATCHES = 2;
/** While it sleeps it looks this often whether it was called off. */
const NAP_MS = 200;
/** A swap, or a comparison, keeps others waiting: it is never slowed down. */
const isThrottled = (phase: WorkPhase): boolean => phase === 'load' || phase === 'follow';

/** Runs work on all of these: at once, or one after the other when it is to leave room for others. */
export async function onEach<T>(
  items: readonly T[],
  maxLoadPercent: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  if (maxLoadPercent === 100) await Promise.all(items.map(work));
  else for (const item of items) await work(item);
}

/** Copies that leave out other events read the log by themselves. */
function groupsOf(copies: readonly Copy[]): (readonly Copy[])[] {
  const groups = new Map<string, Copy[]>();
  for (const copy of copies) {
    const name = copy.leftOut.join();
    groups.set(name, [...(groups.get(name) ?? []), copy]);
  }
  return [...groups.values()];
}

/** Makes a loader: all copies that it is given are fed from one read of the log. */
export function createLoader(deps: LoaderDependencies): Loader {
  const { pool, signal, maxLoadPercent } = deps;

  const fail = async (copy: Copy, failure: ProjectionFailure): Promise<void> => {
    copy.ended = { kind: 'failed', failure };
    await markFailed(pool, copy.lease, failure);
  };

  const applyTo = async (copy: Copy, batch: Batch): Promise<void> => {
    if (copy.ended !== undefined || batch.position <= copy.position) return;
    const [first] = batch.events;
    // Copies that an interrupted rebuild left at different positions are fed together all the same.
    const known = first !== undefined && first.meta.position <= copy.position;
    const events = known ? batch.events.filter(({ meta }) => meta.position > copy.position) : batch.events;
    const applied = await applyBatch(copy.projection, copy.store, copy.position, { ...batch, events }).catch(
      async (error: unknown): Promise<Ended> => {
        const gone = await ended(pool, copy).catch(() => undefined);
        if (gone === undefined) throw error;
        return gone;
      },
    );
    if (applied.kind === 'applied') copy.position = applied.checkpoint.position;
    else if (applied.kind === 'poison') await fail(copy, applied.failure);
    else if (applied.kind === 'lost') copy.ended ??= (await ended(pool, copy)) ?? { kind: 'taken' };
    else copy.ended ??= applied;
  };

  /** Sleeps for as long as keeps the work within its share of the time. */
  const rest = async (busyMs: number, copies: readonly Copy[]): Promise<void> => {
    const never = new AbortController().signal;
    let left = restMs(busyMs, maxLoadPercent);
    for (; left > 0 && working(copies).length > 0; left -= NAP_MS) {
      await sleep(Math.min(left, NAP_MS), signal ?? never);
      signal?.throwIfAborted();
    }
  };

  /** Feeds a batch to one copy after the other, and rests after each. */
  const feedGently = async (
    copies: readonly Copy[],
    batches: AsyncIterable<Batch>,
    done: (batch: Batch, owedMs: number) => void,
  ): Promise<void> => {
    let began = performance.now();
    for await (const batch of batches) {
      signal?.throwIfAborted();
      for (const copy of copies) {
        await applyTo(copy, batch);
        const busyMs = performance.now() - began;
        if (copy === copies.at(-1)) done(batch, restMs(busyMs, maxLoadPercent));
        await rest(busyMs, copies);
        began = performance.now();
      }
      if (working(copies).length === 0) break;
    }
  };

  /** Feeds batches to all copies, each at its own pace but none more than `LEAD_BATCHES` ahead of the slowest. */
  const feed = async (
    copies: readonly Copy[],
    batches: AsyncIterable<Batch>,
    done: (batch: Batch) => void,
  ): Promise<void> => {
    const lines = copies.map((copy) => ({ copy, last: Promise.resolve() }));
    const underWay: { readonly batch: Batch; readonly written: Promise<unknown> }[] = [];
    const settle = async (most: number): Promise<void> => {
      for (let next = underWay[0]; next !== undefined && underWay.length > most; next = underWay[0]) {
        await next.written;
        done(next.batch);
        underWay.shift();
      }
    };
    try {
      for await (const batch of batches) {
        signal?.throwIfAborted();
        if (working(copies).length === 0) break;
        // After a failure nothing more is tried: a copy must not leave out a batch.
        for (const line of lines) line.last = line.last.then(() => applyTo(line.copy, batch));
        const written = Promise.all(lines.map(({ last }) => last));
        written.catch(() => undefined);
        underWay.push({ batch, written });
        await settle(LEAD_BATCHES);
      }
      await settle(0);
    } finally {
      await Promise.allSettled(lines.map(({ last }) => last));
    }
  };

  /** @returns false when some copies had to stop at an event that cannot be read, and others may go on */
  const advanceGroup = async (copies: readonly Copy[], until: bigint, phase: WorkPhase): Promise<boolean> => {
    const open = working(copies);
    const start = { at: lowest(open), time: performance.now() };
    if (open.length === 0 || start.at >= until) return true;
    const types = [...new Set(open.flatMap(({ projection }) => projection.types))];
    const log = leavingOut(deps.log, open[0]?.leftOut ?? []);
    const throttled = maxLoadPercent < 100 && isThrottled(phase);
    const pageSize = deps.batchEvents ?? (throttled ? THROTTLED_BATCH_EVENTS : BATCH_EVENTS);
    const pages = log.readPages({ after: start.at, until, types, pageSize, hashes: 'none' });
    try {
      await (throttled ? feedGently : feed)(open, historyInBatches(pages, until), ({ position }, owedMs = 0) => {
        const took = performance.now() - start.time + owedMs;
        deps.tell({ phase, position, head: until, ...paceOf(position - start.at, until - position, took) });
      });
      return true;
    } catch (error) {
      const failure = undecodable(error);
      if (failure === undefined || !isEventCorrupt(error)) throw error;
      const listening = working(open).filter(({ projection }) => projection.types.includes(error.eventType));
      const stopped = listening.length > 0 ? listening : working(open);
      await Promise.all(stopped.map((copy) => fail(copy, failure)));
      return false;
    }
  };

  return {
    async advance(copies, until, phase) {
      for (const group of groupsOf(working(copies))) {
        for (let whole = false; !whole;) whole = await advanceGroup(group, until, phase);
      }
    },
  };
}
