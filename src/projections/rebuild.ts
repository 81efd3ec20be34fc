import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import { applyBatch, undecodable } from './apply.js';
import { historyInBatches, type Batch } from './batches.js';
import { takeBuilding } from './copies.js';
import { markFailed, release, renew, type Held, type ProjectionFailure } from './leases.js';
import type { Projection } from './projection.js';
import { createRowStore, type RowStore } from './row-store.js';
import { dropReplaced, finishTable, patiently, swap } from './swap.js';
import { every } from './timing.js';

/** Sent after every batch and at each change of phase. Rates and positions are those of the slowest copy. */
export interface RebuildProgress {
  readonly phase: 'load' | 'index' | 'follow' | 'swap';
  readonly position: bigint;
  readonly head: bigint;
  /** Events of the log per second since the start of the phase. */
  readonly eventsPerSecond: number;
}

export interface RebuildResult {
  readonly projection: Projection;
  /** `busy`: another process is rebuilding it. `failed`: stopped at an event; the live table serves on. */
  readonly outcome: 'rebuilt' | 'busy' | 'failed';
  readonly failure?: ProjectionFailure;
}

export interface RebuildDependencies {
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'logId' | 'readPages' | 'head'>;
  /** Unique name of this rebuild. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined;
  /** Events folded and written at a time. */
  readonly batchEvents?: number;
}

interface Building {
  readonly projection: Projection;
  readonly lease: Held;
  readonly store: RowStore;
  position: bigint;
  failure?: ProjectionFailure;
}

const BATCH_EVENTS = 1000;
/** How far the fastest copy may be ahead of the slowest. */
const LEAD_BATCHES = 2;
const LEASE_MS = 10_000;
/** So close to the head that the rest fits into the moment of the swap. */
const CLOSE_EVENTS = 1000n;

const lowest = (copies: readonly Building[]): bigint =>
  copies.reduce((low, { position }) => (position < low ? position : low), copies[0]?.position ?? 0n);
const working = (copies: readonly Building[]): Building[] => copies.filter(({ failure }) => failure === undefined);

/** Builds tables beside the live ones. All of them are fed from one read of the log. */
function rebuilder(deps: RebuildDependencies) {
  const { pool, log, signal, batchEvents = BATCH_EVENTS } = deps;

  const fail = async (copy: Building, failure: ProjectionFailure): Promise<void> => {
    copy.failure = failure;
    await markFailed(pool, copy.lease, failure);
  };

  const applyTo = async (copy: Building, batch: Batch): Promise<void> => {
    if (copy.failure !== undefined || batch.position <= copy.position) return;
    const [first] = batch.events;
    // Copies that an interrupted rebuild left at different positions are fed together all the same.
    const known = first !== undefined && first.meta.position <= copy.position;
    const events = known ? batch.events.filter(({ meta }) => meta.position > copy.position) : batch.events;
    const applied = await applyBatch(copy.projection, copy.store, copy.position, { ...batch, events });
    if (applied.kind === 'poison') return fail(copy, applied.failure);
    if (applied.kind === 'lost') throw new Error(`The rebuild of ${copy.projection.name} was taken over or paused`);
    copy.position = applied.checkpoint.position;
  };

  /** Feeds batches to all copies, each at its own pace but none more than `LEAD_BATCHES` ahead of the slowest. */
  const feed = async (copies: readonly Building[], batches: AsyncIterable<Batch>, done: (batch: Batch) => void) => {
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

  /** Brings all copies up to a position of the log. */
  const advance = async (
    copies: readonly Building[],
    until: bigint,
    phase: RebuildProgress['phase'],
  ): Promise<void> => {
    const start = { at: lowest(copies), time: Date.now() };
    if (copies.length === 0 || start.at >= until) return;
    const types = [...new Set(copies.flatMap(({ projection }) => projection.types))];
    const pages = log.readPages({ after: start.at, until, types, pageSize: batchEvents, hashes: 'none' });
    try {
      await feed(working(copies), historyInBatches(pages, until), ({ position }) => {
        const eventsPerSecond = (Number(position - start.at) * 1000) / Math.max(1, Date.now() - start.time);
        deps.onProgress?.({ phase, position, head: until, eventsPerSecond });
      });
    } catch (error) {
      const failure = undecodable(error);
      if (failure === undefined) throw error;
      await Promise.all(working(copies).map((copy) => fail(copy, failure)));
    }
  };

  const putLive = async (copy: Building): Promise<void> => {
    let head = (await log.head()).position;
    while (head - copy.position > CLOSE_EVENTS && copy.failure === undefined) {
      await advance([copy], head, 'follow');
      head = (await log.head()).position;
    }
    if (copy.failure !== undefined) return;
    deps.onProgress?.({ phase: 'swap', position: copy.position, head, eventsPerSecond: 0 });
    await patiently(() =>
      swap(pool, copy.projection, copy.lease, async (liveAt) => {
        await advance([copy], liveAt, 'swap');
        if (copy.failure !== undefined) throw new Error(`${copy.projection.name} stopped at an event during the swap`);
      }),
    );
    // The new table serves; the old one is dropped at the next start or rebuild if a long query holds it now.
    await dropReplaced(pool, copy.projection).catch(() => undefined);
  };

  return async (copies: readonly Building[]): Promise<void> => {
    await advance(copies, (await log.head()).position, 'load');
    const at = lowest(copies);
    deps.onProgress?.({ phase: 'index', position: at, head: at, eventsPerSecond: 0 });
    await Promise.all(working(copies).map(({ projection, lease }) => finishTable(pool, projection, lease.table)));
    for (const copy of working(copies)) await putLive(copy);
  };
}

/**
 * Rebuilds projections beside their live tables, from the start of the log (or from where an interrupted rebuild of the same
 * version stopped), and swaps each in when it has caught up. The live tables serve and are kept up to date all along. The
 * program may be killed at any instant: run it again and it goes on.
 * @throws what the database or the log throws; an aborted `signal` throws its reason. What was built so far is kept.
 */
export async function rebuildProjections(
  projections: readonly Projection[],
  deps: RebuildDependencies,
): Promise<RebuildResult[]> {
  const { pool, log, owner } = deps;
  const taken = await Promise.all(
    projections.map(async (projection): Promise<Building | undefined> => {
      const lease = await takeBuilding(pool, projection, log.logId, { owner, leaseMs: LEASE_MS });
      return (
        lease && { projection, lease, store: createRowStore(pool, projection, lease, true), position: lease.position }
      );
    }),
  );
  const copies = taken.filter((copy) => copy !== undefined);
  const renewing = every(LEASE_MS / 5, async () => {
    // A lease that was lost shows at the next write; one that cannot be renewed for now may be renewed the next time.
    const renewals = copies.map(({ lease }) => renew(pool, lease, { leaseMs: LEASE_MS, rate: 0 }).catch(() => true));
    await Promise.all(renewals);
  });
  try {
    await rebuilder(deps)(copies);
  } finally {
    await renewing.stop();
    await Promise.all(copies.map(({ lease }) => release(pool, lease).catch(() => undefined)));
  }
  return projections.map((projection) => {
    const copy = copies.find((candidate) => candidate.projection === projection);
    if (copy === undefined) return { projection, outcome: 'busy' };
    return copy.failure === undefined
      ? { projection, outcome: 'rebuilt' }
      : { projection, outcome: 'failed', failure: copy.failure };
  });
}
