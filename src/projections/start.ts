import { hostname } from 'node:os';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { EventLog } from '../events/event-log.js';
import { newId } from '../platform/ids.js';
import { ensureCopy } from './copies.js';
import { endLiveLeases, retryFailed } from './leases.js';
import type { Projection } from './projection.js';
import { dropOtherVersions } from './old-copies.js';
import { projections as allProjections } from './read-models/index.js';
import { rebuildProjections } from './rebuild.js';
import { defaultRunnerSettings, runProjection, type RunnerSettings, type Waited, type WaitOptions } from './runner.js';
import { sleep } from './timing.js';

export interface ProjectionsOptions {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Default: all read models of this program. */
  readonly projections?: readonly Projection[];
  readonly settings?: Partial<RunnerSettings>;
  /** No other server works on this database: whoever still holds a read model was killed, and is not waited for. */
  readonly alone?: boolean;
  /** For the building of changed versions. Default: as many as there are, at full speed. */
  readonly rebuilds?: { readonly maxAtOnce: number; readonly maxLoadPercent: number };
}

export interface RunningProjections {
  /**
   * Read your own writes: resolves `reached` when the rows of the projection (default: of all of them) hold every event up
   * to the position, and `timed_out` otherwise.
   * @throws the reason of `signal` when it aborts; Error for a name that does not exist
   */
  waitFor(position: bigint, options: WaitOptions & { readonly projection?: string }): Promise<Waited>;
  /** Ends after the batches in flight, and hands the projections over to other processes. */
  stop(): Promise<void>;
}

/** How long after a build that stopped at an event it is tried again. */
const BUILD_AGAIN_MS = 60_000;
/** How often it is looked whether somebody has built what was called off here. */
const LOOK_AGAIN_MS = 5000;

/** Names a process among others: where it runs, which one it is, and one start from the next. */
export const ownerName = (): string => `${hostname().slice(0, 40)}/${process.pid}/${newId().slice(-8)}`;

/**
 * Starts to keep the read models up to date. When it resolves, every view can be read (perhaps with old rows).
 * @throws StartupError `read_model_of_another_log` or `projection_changed`
 */
export async function startProjections(options: ProjectionsOptions): Promise<RunningProjections> {
  const { pool, log, logger, projections = allProjections } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const owner = ownerName();
  const settings = { ...defaultRunnerSettings, ...options.settings };

  const calledOff = new Set<Projection>();
  const build = async (projection: Projection): Promise<boolean> => {
    const about = { projection: projection.name, version: projection.version };
    const isLive = async (): Promise<boolean> => (await ensureCopy(pool, projection, log.logId)) === 'live';
    if (calledOff.has(projection)) {
      await sleep(LOOK_AGAIN_MS, signal);
      return isLive();
    }
    logger.info(about, 'projection has a new version: building it beside the old one');
    const deps = { pool, log, signal, ...options.rebuilds, owner: `${owner}/build ${projection.name}` };
    const [result] = await rebuildProjections([projection], deps);
    switch (result?.outcome) {
      case 'rebuilt':
        return true;
      case 'failed':
        logger.error({ ...about, ...result.failure }, 'projection could not be built; the old version serves on');
        await sleep(BUILD_AGAIN_MS, signal);
        return isLive();
      case 'cancelled':
        // A person wanted it so: not again before the next start, unless a person rebuilds it.
        calledOff.add(projection);
        logger.warn(about, 'the building of a projection was called off; the old version serves on');
        return isLive();
      case 'busy':
      case undefined:
        return isLive();
    }
  };

  if (options.alone === true) await endLiveLeases(pool);
  const runners = [];
  for (const projection of projections) {
    const made = await ensureCopy(pool, projection, log.logId);
    await retryFailed(pool, projection);
    // Old tables are in nobody's way: when they cannot be dropped now, the next start will.
    await dropOtherVersions(pool, projection).catch(() => undefined);
    runners.push({ projection, mustBuild: made === 'to_build' });
  }
  const running = runners.map(({ projection, mustBuild }) =>
    runProjection(projection, { ...options, owner, signal, settings, mustBuild, build: () => build(projection) }),
  );

  return {
    async waitFor(position, { projection: name, ...wait }) {
      const asked = running.filter(({ projection }) => name === undefined || projection.name === name);
      if (asked.length === 0) throw new Error(`There is no projection ${name ?? ''}`);
      const all = await Promise.all(asked.map((runner) => runner.waitFor(position, wait)));
      return all.includes('timed_out') ? 'timed_out' : 'reached';
    },
    async stop() {
      stopping.abort();
      await Promise.all(running.map(({ stopped }) => stopped));
    },
  };
}
