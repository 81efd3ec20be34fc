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
  readonly state: 'running' | 'done' | 'stopped' | 'broken';
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
      change(job.id, { results: await work(job, maxLoadPercent), state: 'done', endedAt: now() });
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
