import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import type { Outcome, ProjectionAdmin, WorkOptions } from './admin.js';
import type { WorkDependencies } from './held-copies.js';
import { dropOld } from './old-copies.js';
import { cancelRebuild, pause, resume, retry, skip } from './orders.js';
import type { Projection } from './projection.js';
import { projections as allProjections } from './read-models/index.js';
import { rebuildProjections } from './rebuild.js';
import { rollBack } from './rollback.js';
import { ownerName } from './start.js';
import { readStatus, readSummaries } from './status.js';
import { verifyProjection } from './verify.js';

export interface ProjectionAdminDependencies {
  /** Needs five connections at once for a check, and one more for each projection of a rebuild. */
  readonly pool: pg.Pool;
  readonly log: Pick<EventLog, 'logId' | 'readPages' | 'head'>;
  readonly settings: {
    readonly maxRebuilds: number;
    readonly rebuildMaxLoadPercent: number;
  };
  /** Default: all read models of this program. */
  readonly projections?: readonly Projection[];
}

/** Makes what the command line and the office's endpoints do with read models. It holds nothing: all state is in the database. */
export function createProjectionAdmin(deps: ProjectionAdminDependencies): ProjectionAdmin {
  const { pool, log, settings, projections = allProjections } = deps;
  const find = (name: string): Projection | undefined => projections.find((projection) => projection.name === name);
  const unknown = (name: string): string =>
    `There is no projection "${name}". There are: ${projections.map((projection) => projection.name).join(', ')}.`;
  const get = (name: string): Projection => {
    const projection = find(name);
    if (projection === undefined) throw new Error(unknown(name));
    return projection;
  };
  const order = async (name: string, give: (projection: Projection) => Promise<Outcome>): Promise<Outcome> => {
    const projection = find(name);
    if (projection === undefined) return { ok: false, code: 'unknown_projection', message: unknown(name) };
    return give(projection);
  };
  const workOf = ({ maxLoadPercent, signal, onProgress }: WorkOptions = {}): WorkDependencies => ({
    ...{ pool, log, signal, onProgress },
    owner: ownerName(),
    maxLoadPercent: maxLoadPercent ?? settings.rebuildMaxLoadPercent,
    maxAtOnce: settings.maxRebuilds,
  });

  return {
    list: () => readSummaries(pool, projections),
    status: () => readStatus(pool, () => log.head(), log),
    async rebuild(names, options) {
      const wanted = names.length === 0 ? projections : [...new Set(names)].map(get);
      const results = await rebuildProjections(wanted, workOf(options));
      return results.map(({ projection: { name, version }, ...result }) => ({ name, version, ...result }));
    },
    cancelRebuild: (name) => order(name, (projection) => cancelRebuild(pool, projection)),
    verify: async (name, options) => verifyProjection(get(name), workOf(options)),
    rollback: (name) => order(name, (projection) => rollBack(projection, workOf())),
    dropOld: (name) => order(name, (projection) => dropOld(pool, projection)),
    pause: (name, options) => order(name, (projection) => pause(pool, projection, options?.reason)),
    resume: (name) => order(name, (projection) => resume(pool, projection)),
    retry: (name) => order(name, (projection) => retry(pool, projection)),
    skip: (name, options) => order(name, (projection) => skip(pool, projection, options)),
  };
}
