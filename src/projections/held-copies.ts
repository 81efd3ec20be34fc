import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import type { WorkPhase, WorkProgress } from './admin.js';
import type { ProjectionFailure } from './failure.js';
import { release, renew, type Held } from './leases.js';
import type { Projection } from './projection.js';
import { createRowStore, type RowStore } from './row-store.js';
import { loadSkips } from './skips.js';
import { every } from './timing.js';

// Copies that this process holds while it works on them: their leases are prolonged, and given back in the end.

/** Why nothing more is done for a copy. `taken`: somebody else holds it now. */
export type Ended =
  { readonly kind: 'done' | 'cancelled' | 'taken' } | { readonly kind: 'failed'; readonly failure: ProjectionFailure };

export interface Copy {
  readonly projection: Projection;
  readonly lease: Held;
  readonly store: RowStore;
  /** Positions of the events that this version leaves out. */
  readonly leftOut: readonly bigint[];
  position: bigint;
  ended?: Ended;
}

export const working = (copies: readonly Copy[]): Copy[] => copies.filter(({ ended }) => ended === undefined);

/** The position that all of these copies have reached. */
export const lowest = (copies: readonly Copy[]): bigint =>
  copies.reduce((low, { position }) => (position < low ? position : low), copies[0]?.position ?? 0n);

/** Whether a copy was called off or taken; undefined when it is still ours. */
export async function ended(db: Pick<pg.Pool, 'query'>, { lease }: Pick<Copy, 'lease'>): Promise<Ended | undefined> {
  const { rows } = await db.query<{ fence: string }>(`SELECT fence::text FROM projections WHERE table_name = $1`, [
    lease.table,
  ]);
  const [row] = rows;
  if (row === undefined) return { kind: 'cancelled' };
  return row.fence === lease.fence ? undefined : { kind: 'taken' };
}

/** How long a copy stays with a process that has fallen silent. */
export const LEASE_MS = 4000;
const RENEW_MS = 500;

export interface WorkDependencies {
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'logId' | 'readPages' | 'head'>;
  /** Unique name of this piece of work. */
  readonly owner: string;
  /** Stops it; what was built is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined;
  /** Events folded and written at a time. */
  readonly batchEvents?: number | undefined;
  /** Share of the time in which it may work, 1 to 100. Default: all of it. */
  readonly maxLoadPercent?: number | undefined;
  /** How many rebuilds and checks may be at work at once, in all processes together. Default: any number. */
  readonly maxAtOnce?: number | undefined;
}

/** What the work has got to; shown to others with each renewal of the leases. */
export interface Telling {
  readonly tell: (progress: WorkProgress) => void;
}

/**
 * Takes copies, one after the other, works on those that it got, and gives them back, whatever happens.
 * @param take gives undefined for a copy that somebody else holds
 */
export async function holding(
  deps: Pick<WorkDependencies, 'pool' | 'onProgress' | 'maxLoadPercent'> & {
    /** Whether the copies are being loaded, and may lack their primary keys. */
    readonly toLoad: boolean;
  },
  projections: readonly Projection[],
  take: (projection: Projection) => Promise<Held | undefined>,
  work: (copies: readonly Copy[], telling: Telling) => Promise<void>,
): Promise<readonly Copy[]> {
  const { pool, onProgress, maxLoadPercent } = deps;
  const copies: Copy[] = [];
  const at: { phase: Exclude<WorkPhase, 'wait'> | undefined; rate: number } = { phase: undefined, rate: 0 };
  const prolong = async (): Promise<void> => {
    const told = { leaseMs: LEASE_MS, rate: at.rate, phase: at.phase, maxLoadPercent };
    const renewals = working(copies).map(async (copy) => {
      // One that cannot be renewed for now may be renewed the next time.
      if (await renew(pool, copy.lease, told).catch(() => true)) return;
      const reason = await ended(pool, copy).catch(() => undefined);
      if (reason !== undefined) copy.ended ??= reason;
    });
    await Promise.all(renewals);
  };
  const tell: Telling['tell'] = (progress) => {
    if (progress.phase !== 'wait') {
      const isNew = progress.phase !== at.phase;
      Object.assign(at, { phase: progress.phase, rate: progress.eventsPerSecond });
      if (isNew) void prolong();
    }
    onProgress?.(progress);
  };
  const renewing = every(RENEW_MS, prolong);
  try {
    for (const projection of projections) {
      const lease = await take(projection);
      if (lease === undefined) continue;
      const leftOut = await loadSkips(pool, projection);
      const store = createRowStore(pool, projection, lease, deps.toLoad);
      copies.push({ projection, lease, store, leftOut, position: lease.position });
    }
    await work(copies, { tell });
  } finally {
    await renewing.stop();
    await Promise.all(copies.map(({ lease }) => release(pool, lease).catch(() => undefined)));
  }
  return copies;
}
