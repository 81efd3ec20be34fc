import type pg from 'pg';
import type { WorkProgress } from './admin.js';
import { takeCopy } from './copies.js';
import type { ProjectionFailure } from './failure.js';
import { ended, holding, LEASE_MS, lowest, working, type Copy, type WorkDependencies } from './held-copies.js';
import type { Held } from './leases.js';
import { createLoader, onEach, type Loader } from './loading.js';
import type { Projection } from './projection.js';
import { dropUnnamed, finishTable, patiently, swap } from './swap.js';
import { sleep } from './timing.js';

export type RebuildDependencies = WorkDependencies;

export interface RebuildResult {
  readonly projection: Projection;
  /**
   * `busy`: another process is rebuilding it. `failed`: stopped at an event; the live table serves on. `cancelled`: somebody
   * called it off.
   */
  readonly outcome: 'rebuilt' | 'busy' | 'failed' | 'cancelled';
  readonly failure?: ProjectionFailure;
}

/** So close to the head that the rest fits into the moment of the swap. */
export const CLOSE_EVENTS = 1000n;
const LOOK_AGAIN_MS = 250;

const still = (phase: WorkProgress['phase'], position: bigint, head: bigint): WorkProgress => ({
  ...{ phase, position, head },
  eventsPerSecond: 0,
  etaSeconds: null,
});

/**
 * Takes the building (or verifying) copy of a projection. One that a killed process left is free when its lease has run out,
 * so it is looked at again: whoever lives prolongs the lease. Waits for its turn while as many as may be are at work.
 */
export function taker(deps: WorkDependencies, role: 'building' | 'verifying') {
  const { pool, log, owner, signal, maxAtOnce = Number.MAX_SAFE_INTEGER } = deps;
  return async (projection: Projection): Promise<Held | undefined> => {
    let heldUntil: string | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const taken = await takeCopy(pool, projection, log.logId, role, { owner, leaseMs: LEASE_MS, maxAtOnce });
      if (taken.kind === 'taken') return taken.lease;
      if (taken.kind === 'busy' && heldUntil !== undefined && heldUntil !== taken.until) return undefined;
      if (taken.kind === 'busy') heldUntil = taken.until;
      else deps.onProgress?.(still('wait', 0n, 0n));
      await sleep(LOOK_AGAIN_MS, signal ?? new AbortController().signal);
    }
  };
}

/** Work on a copy that was called off meanwhile fails in one way or another. Then it has ended, and that is no error. */
export async function unlessEnded(pool: pg.Pool, copy: Copy, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = copy.ended ?? (await ended(pool, copy).catch(() => undefined));
    if (reason === undefined) throw error;
    copy.ended = reason;
  }
}

/** Brings a copy so close to the head of the log that the rest takes a moment only. */
export async function comeClose(copy: Copy, head: () => Promise<bigint>, { advance }: Loader): Promise<void> {
  let until = await head();
  // It need not get there if it is slowed down too much: then the last rounds are not.
  for (let round = 0; until - copy.position > CLOSE_EVENTS && copy.ended === undefined; round += 1) {
    await advance([copy], until, round < 20 ? 'follow' : 'swap');
    until = await head();
  }
}

/** Puts a copy in the place of the live one as soon as it has caught up. */
export async function putLive(
  copy: Copy,
  deps: Pick<WorkDependencies, 'pool' | 'log' | 'signal'>,
  loader: Loader,
  tell: (progress: WorkProgress) => void,
): Promise<void> {
  const { pool, signal } = deps;
  const headOf = async (): Promise<bigint> => (await deps.log.head()).position;
  await comeClose(copy, headOf, loader);
  if (copy.ended !== undefined) return;
  tell(still('swap', copy.position, await headOf()));
  const attempt = (): Promise<void> =>
    swap(pool, copy.projection, copy.lease, async (liveAt) => {
      await loader.advance([copy], liveAt, 'swap');
      if (copy.ended !== undefined) throw new Error(`${copy.projection.name} stopped during the swap`);
    });
  await unlessEnded(pool, copy, async () => {
    await patiently(async () => {
      // Between two attempts more may have come than fits into the moment of a swap.
      await comeClose(copy, headOf, loader);
      await attempt();
    }, signal);
    copy.ended = { kind: 'done' };
  });
}

function resultOf(projection: Projection, copy: Copy | undefined): RebuildResult {
  const reason = copy?.ended;
  if (reason?.kind === 'failed') return { projection, outcome: 'failed', failure: reason.failure };
  if (reason?.kind === 'cancelled') return { projection, outcome: 'cancelled' };
  return { projection, outcome: reason?.kind === 'done' ? 'rebuilt' : 'busy' };
}

/**
 * Rebuilds projections beside their live tables, from the start of the log (or from where an interrupted rebuild of the same
 * version stopped), and swaps each in when it has caught up; what was live is kept as the previous copy. The live tables serve
 * and are kept up to date all along. The program may be killed at any instant: run it again and it goes on.
 * @throws what the database or the log throws; an aborted `signal` throws its reason. What was built so far is kept.
 */
export async function rebuildProjections(
  projections: readonly Projection[],
  deps: RebuildDependencies,
): Promise<RebuildResult[]> {
  const { pool, log, signal, batchEvents, maxLoadPercent = 100 } = deps;
  const take = taker(deps, 'building');
  const held = await holding({ ...deps, maxLoadPercent, toLoad: true }, projections, take, async (copies, { tell }) => {
    const loader = createLoader({ pool, log, signal, batchEvents, maxLoadPercent, tell });
    await loader.advance(copies, (await log.head()).position, 'load');
    const at = lowest(copies);
    if (working(copies).length > 0) tell(still('index', at, at));
    await onEach(working(copies), maxLoadPercent, (copy) =>
      unlessEnded(pool, copy, () => patiently(() => finishTable(pool, copy.projection, copy.lease.table), signal)),
    );
    for (const copy of working(copies)) await putLive(copy, deps, loader, tell);
  });
  // What was called off, and what served before the last roll-back was given up, has no name any more.
  for (const projection of projections) await dropUnnamed(pool, projection);
  return projections.map((projection) =>
    resultOf(
      projection,
      held.find((copy) => copy.projection === projection),
    ),
  );
}
