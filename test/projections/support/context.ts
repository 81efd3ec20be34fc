import { afterEach, beforeEach } from 'vitest';
import { readStatus, type ProjectionStatus } from '../../../src/projections/status.js';
import type { Projection } from '../../../src/projections/projection.js';
import type { RunnerSettings } from '../../../src/projections/runner.js';
import type { RunningProjections } from '../../../src/projections/start.js';
import type { CopyRole } from '../../../src/projections/admin.js';
import type { TestDatabase } from '../../support/database.js';
import { createMemoryLog, type MemoryLog } from '../../support/memory-log.js';
import { projectionDatabase, start } from '../../support/projection-database.js';

/** A database and a log in memory for each test, and the processes that it starts. */
export interface Context {
  readonly database: TestDatabase;
  readonly log: MemoryLog;
  /** Starts projections as a process of its own would. */
  run(projections: readonly Projection[], settings?: Partial<RunnerSettings>): Promise<RunningProjections>;
  status(role?: CopyRole): Promise<ProjectionStatus | undefined>;
}

/** Makes and drops it around every test. */
export function useContext(): Context {
  const now: { database?: TestDatabase; log?: MemoryLog; running: RunningProjections[] } = { running: [] };
  beforeEach(async () => {
    now.database = await projectionDatabase();
    now.log = createMemoryLog();
  });
  afterEach(async () => {
    await Promise.all(now.running.map((one) => one.stop()));
    now.running = [];
    await now.database?.drop();
  });
  const context: Context = {
    get database() {
      return now.database!;
    },
    get log() {
      return now.log!;
    },
    async run(projections, settings = { pollMs: 20 }) {
      const one = await start(context.database.createPool(), context.log, projections, settings);
      now.running.push(one);
      return one;
    },
    async status(role = 'live') {
      const all = await readStatus(context.database.pool, () => context.log.head());
      return all.find((status) => status.role === role);
    },
  };
  return context;
}

export const patience = { timeoutMs: 20_000 };
