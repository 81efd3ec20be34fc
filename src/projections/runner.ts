import type pg from 'pg';
import type { Logger } from 'pino';
import type { EventLog } from '../events/event-log.js';
import { applyBatch, isTableGone, undecodable } from './apply.js';
import { inBatches, type Batch } from './batches.js';
import type { ProjectionFailure } from './failure.js';
import { acquire, livePosition, markFailed, release, renew, type Held } from './leases.js';
import { createProgress } from './progress.js';
import type { Projection } from './projection.js';
import { createRowStore } from './row-store.js';
import { loadSkips, subscribeLeavingOut } from './skips.js';
import { every, oneAtATime, sleep } from './timing.js';
import { createPatience } from './waiting.js';

export interface RunnerSettings {
  /** How long a silent owner keeps a projection. With `pollMs` this bounds the time until another process takes over. */
  readonly leaseMs: number;
  readonly renewMs: number;
  /** How often a process that does not own a projection looks whether it may. */
  readonly pollMs: number;
  readonly batchEvents: number;
  readonly lingerMs: number;
  /** How late the checkpoint may be written when events passed by that change nothing. */
  readonly checkpointMs: number;
}

export const defaultRunnerSettings: RunnerSettings = {
  leaseMs: 3500,
  renewMs: 1000,
  pollMs: 500,
  batchEvents: 1000,
  lingerMs: 20,
  checkpointMs: 100,
};

export interface RunnerDependencies {
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'subscribe' | 'readPages'>;
  /** Names this process among those that may own the projection; unique per start. */
  readonly owner: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly signal: AbortSignal;
  readonly settings: RunnerSettings;
  /** Builds the table of a changed version beside the old one. True when it is live now, false to ask again later. */
  readonly build: () => Promise<boolean>;
  readonly mustBuild: boolean;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}
/** `timed_out` is an honest answer: the rows may still be older than asked for. */
export type Waited = 'reached' | 'timed_out';

export interface Runner {
  readonly projection: Projection;
  /** Resolves when the rows hold every event up to the position, whichever process applies them. */
  waitFor(position: bigint, options: WaitOptions): Promise<Waited>;
  /** Resolves when the runner has stopped, after `signal` aborted. Never rejects. */
  readonly stopped: Promise<void>;
}

type Outcome = { readonly lost: true } | { readonly failure: ProjectionFailure } | { readonly lost: false };

/** Keeps one projection up to date for as long as this process owns it, and waits for its turn while another one does. */
export function runProjection(projection: Projection, deps: RunnerDependencies): Runner {
  const { pool, log, owner, logger, signal, settings } = deps;
  const progress = createProgress();
  const local = { owning: false };
  const patience = createPatience(projection, deps);
  const about = { projection: projection.name, version: projection.version };

  /** Applies batch after batch under one lease. Returns when the lease was lost or the signal aborted. */
  const follow = async (lease: Held): Promise<void> => {
    const ended = new AbortController();
    const store = createRowStore(pool, projection, lease);
    const exclusively = oneAtATime();
    const at = { saved: lease.position, seen: lease.position, told: lease.position };

    const save = (batch: Batch): Promise<Outcome> =>
      exclusively(async () => {
        // A checkpoint that had to wait for the rows of a later batch: going back to it would apply those rows again one day.
        if (batch.position <= at.saved) return { lost: false };
        const applied = await applyBatch(projection, store, at.saved, batch);
        if (applied.kind === 'lost') return { lost: true };
        if (applied.kind === 'poison') return { failure: applied.failure };
        at.saved = applied.checkpoint.position;
        return { lost: false };
      });
    const writeCheckpoint = async (): Promise<void> => {
      if (at.seen <= at.saved) return;
      const outcome = await save({ events: [], position: at.seen, recordedAt: null }).catch(() => undefined);
      if (outcome !== undefined && 'lost' in outcome && outcome.lost) ended.abort();
    };
    const prolong = async (): Promise<void> => {
      const rate = (Number(at.seen - at.told) * 1000) / settings.renewMs;
      at.told = at.seen;
      const ours = await renew(pool, lease, { leaseMs: settings.leaseMs, rate }).catch(() => true);
      if (!ours) ended.abort();
    };

    const timers = [every(settings.renewMs, prolong), every(settings.checkpointMs, writeCheckpoint)];
    local.owning = true;
    patience.inherit(lease.failures);
    progress.reach(lease.position);
    try {
      const source = subscribeLeavingOut(log, await loadSkips(pool, projection), {
        after: lease.position,
        types: projection.types,
        signal: AbortSignal.any([signal, ended.signal]),
      });
      const options = { maxEvents: settings.batchEvents, lingerMs: settings.lingerMs };
      for await (const batch of inBatches(source, options)) {
        if (batch.events.length > 0) {
          const outcome = await save(batch);
          if ('failure' in outcome) {
            await fail(lease, outcome.failure);
            return;
          }
          if (outcome.lost) return;
        }
        if (batch.position > at.seen) at.seen = batch.position;
        progress.reach(batch.position);
        await patience.recovered();
      }
    } catch (error) {
      const failure = undecodable(error);
      if (failure === undefined) throw error;
      await fail(lease, failure);
    } finally {
      local.owning = false;
      ended.abort();
      await Promise.all(timers.map((timer) => timer.stop()));
      await writeCheckpoint();
      await release(pool, lease).catch(() => undefined);
    }
  };

  const fail = async (lease: Held, failure: ProjectionFailure): Promise<void> => {
    logger.error({ ...about, ...failure }, 'projection stopped at an event that it cannot apply');
    await markFailed(pool, lease, failure);
  };

  const supervise = async (): Promise<void> => {
    const state = { mustBuild: deps.mustBuild, tableWasGone: false };
    // Asked anew each time: it may abort while something is waited for.
    const stopping = (): boolean => signal.aborted;
    while (!stopping()) {
      try {
        if (state.mustBuild) state.mustBuild = !(await deps.build());
        const lease = state.mustBuild ? undefined : await acquire(pool, projection, 'live', { owner, ...settings });
        if (lease === undefined) await sleep(settings.pollMs, signal);
        else await follow(lease);
        state.tableWasGone = false;
      } catch (error) {
        // A swap has put another table in its place: take that one at once.
        const goOn = isTableGone(error) && !state.tableWasGone;
        state.tableWasGone = isTableGone(error);
        // A build that ends because this process stops is no fault of the database.
        if (!goOn && !stopping()) await patience.wait(error);
      }
    }
  };

  const waitFor: Runner['waitFor'] = async (position, { timeoutMs, signal: given }) => {
    const until = Date.now() + timeoutMs;
    for (;;) {
      given?.throwIfAborted();
      if (progress.position >= position) return 'reached';
      // Another process may own it: then only the table knows.
      if (!local.owning) progress.reach((await livePosition(pool, projection).catch(() => undefined)) ?? 0n);
      const left = until - Date.now();
      if (left <= 0) return progress.position >= position ? 'reached' : 'timed_out';
      await progress.changed(position, Math.min(left, 25));
    }
  };

  return { projection, waitFor, stopped: supervise() };
}
