import type pg from 'pg';
import type { Logger } from 'pino';
import { clearWaiting, markWaiting } from './leases.js';
import type { Projection } from './projection.js';
import { backOffMs, sleep } from './timing.js';

/** Why the database did not take rows, as a code. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === '55P03') return 'blocked';
  return code === '53100' ? 'disk_full' : code;
}

/** The failures in a row of one that cannot write (a full disk, a lock, a missing table), and the pauses between attempts. */
export interface Patience {
  readonly failures: number;
  /** Counts on from the failures of whoever held the copy before. */
  inherit(failures: number): void;
  /** Waits after a failure, longer each time, and shows it in the status. */
  wait(error: unknown): Promise<void>;
  /** It could write again. */
  recovered(): Promise<void>;
}

export function createPatience(
  projection: Pick<Projection, 'name' | 'version'>,
  { pool, logger, signal }: { pool: pg.Pool; logger: Pick<Logger, 'info' | 'warn'>; signal: AbortSignal },
): Patience {
  const about = { projection: projection.name, version: projection.version };
  const state = { failures: 0, shown: false };
  return {
    get failures() {
      return state.failures;
    },
    inherit(failures) {
      if (failures > 0) state.shown = true;
      state.failures = Math.max(state.failures, failures);
    },
    async wait(error) {
      state.failures += 1;
      state.shown = true;
      const why = { failures: state.failures, reason: reasonOf(error) };
      logger.warn({ ...about, ...why }, 'projection waits: the database did not take its rows');
      await markWaiting(pool, projection, why).catch(() => undefined);
      await sleep(backOffMs(state.failures), signal);
    },
    async recovered() {
      state.failures = 0;
      if (!state.shown) return;
      state.shown = false;
      logger.info(about, 'projection goes on: the database takes its rows again');
      await clearWaiting(pool, projection).catch(() => undefined);
    },
  };
}
