import type { Clock } from '../../../platform/clock.js';
import { newId } from '../../../platform/ids.js';
import type {
  ProjectionAdmin,
  RebuildResult,
  VerifyResult,
  WorkProgress,
} from '../../../projections/queries/administration.js';

type JobResult = RebuildResult | ({ readonly name: string } & VerifyResult);

/** A rebuild or a check that was started over HTTP and goes on in this process. */
export interface Job {
  readonly id: string;
  readonly kind: 'rebuild' | 'verify';
  readonly names: readonly string[];
  /** `not_done`: it came to nothing, see `error`. `stopped`: with the server. `broken`: by something unforeseen. */
  readonly state: 'running' | 'done' | 'not_done' | 'stopped' | 'broken';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly progress: WorkProgress | null;
  readonly results: readonly JobResult[] | null;
  readonly error: string | null;
}

export interface JobsDeps {
  readonly admin: Pick<ProjectionAdmin, 'rebuild' | 'verify'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export interface Jobs {
  /** Undefined: one of this kind is at work on one of the names. */
  start(kind: Job['kind'], names: readonly string[], maxLoadPercent: number | undefined): Job | undefined;
  /** The newest first; of those that ended only the last few. */
  all(): readonly Job[];
  /** Stops all of them. What was built is kept. */
  stop(): Promise<void>;
}

const KEPT = 20;

/** Why one came to nothing; undefined when it did not. */
const whyNot: Readonly<Record<JobResult['outcome'], string | undefined>> = {
  rebuilt: undefined,
  same: undefined,
  different: undefined,
  busy: 'another process is at work on it',
  cancelled: 'somebody called it off',
  failed: 'it stopped at an event',
  not_live: 'nothing of this version is live yet',
};

/** The state of a job that ran to its end; with a reason for each name when none of them was done. */
function endOf(results: readonly JobResult[]): Pick<Job, 'state' | 'error'> {
  const reasons = results.map(({ name, outcome }) => [name, whyNot[outcome]] as const);
  if (results.length === 0 || reasons.some(([, why]) => why === undefined)) return { state: 'done', error: null };
  return {
    state: 'not_done',
    error: `Nothing was done. ${reasons.map(([name, why]) => `${name}: ${why}.`).join(' ')}`,
  };
}

/** Runs what takes long beside the requests. */
export function createJobs({ admin, clock, onError }: JobsDeps): Jobs {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  let jobs: readonly Job[] = [];
  const now = (): string => clock.now().toISOString();
  const change = (id: string, changed: Partial<Job>): void => {
    jobs = jobs.map((job) => (job.id === id ? { ...job, ...changed } : job));
  };

  const work = async ({ id, kind, names }: Job, maxLoadPercent: number | undefined): Promise<readonly JobResult[]> => {
    const options = { maxLoadPercent, signal, onProgress: (progress: WorkProgress) => change(id, { progress }) };
    if (kind === 'rebuild') return admin.rebuild(names, options);
    const results: JobResult[] = [];
    for (const name of names) results.push({ name, ...(await admin.verify(name, options)) });
    return results;
  };

  const run = async (job: Job, maxLoadPercent: number | undefined): Promise<void> => {
    try {
      const results = await work(job, maxLoadPercent);
      change(job.id, { results, ...endOf(results), endedAt: now() });
    } catch (error) {
      if (!signal.aborted) onError(error);
      const broken = { state: 'broken', error: error instanceof Error ? error.message : 'unknown' } as const;
      change(job.id, { ...(signal.aborted ? { state: 'stopped' } : broken), endedAt: now() });
    }
  };

  return {
    start(kind, names, maxLoadPercent) {
      const same = jobs.filter((job) => job.state === 'running' && job.kind === kind);
      if (same.some((job) => job.names.some((name) => names.includes(name)))) return undefined;
      const job: Job = {
        ...{ id: newId(), kind, names, state: 'running', startedAt: now() },
        ...{ endedAt: null, progress: null, results: null, error: null },
      };
      jobs = [job, ...jobs].filter(({ state }, i) => state === 'running' || i < KEPT);
      const ended = run(job, maxLoadPercent).finally(() => running.delete(ended));
      running.add(ended);
      return job;
    },
    all: () => jobs,
    async stop() {
      stopping.abort(new Error('The server stops'));
      await Promise.all(running);
    },
  };
}
