import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCaseOpener } from '../../src/commands/complaint/case-opener.js';
import {
  createReactorCheckpoints,
  reactorCheckpointMigrations,
} from '../../src/events/postgres/reactor-checkpoints.js';
import { newId } from '../../src/platform/ids.js';
import { migrate } from '../../src/platform/migrate.js';
import { append, logDatabase, openLog, said, type ProcessLog } from '../events/support/postgres-log.js';
import type { TestDatabase } from '../support/database.js';

let database: TestDatabase;
let process: ProcessLog;

beforeEach(async () => {
  database = await logDatabase();
  await migrate(database.pool, 'citizen', reactorCheckpointMigrations);
  process = await openLog(database);
});
afterEach(async () => {
  await process.store.close();
  await database.drop();
});

const file = (n: number): Promise<string> =>
  append(process.log, `session-${n}`, {
    type: 'ComplaintSubmitted',
    data: {
      complaintId: newId(),
      trackingNumber: 'OMB-0000-0000-00AA',
      trackingLookup: `k${n}`,
      accessKeyHash: 'h',
      confirmedBy: newId(),
      standing: 'informant',
      identityMode: 'anonymous',
      category: null,
      institution: null,
      evidenceIds: [],
    },
  });
const casesOpened = async (): Promise<number> => {
  let count = 0;
  for await (const _ of process.log.readAll({ types: ['CaseOpened'] })) count++;
  return count;
};
const start = () => {
  const stop = new AbortController();
  const checkpoints = createReactorCheckpoints({ pool: database.pool, logId: process.log.logId });
  const running = createCaseOpener({ log: process.log, checkpoints, onError: () => undefined }).run(stop.signal);
  return { checkpoints, stop: async () => (stop.abort(), running) };
};
const opened = (count: number) =>
  vi.waitFor(async () => expect(await casesOpened()).toBe(count), { timeout: 60_000, interval: 50 });

describe('the case opener over PostgreSQL', () => {
  it('opens each case once: those filed before, while it runs, and while it was stopped', async () => {
    await file(1);
    const first = start();
    await file(2);
    await opened(2);
    await first.stop();
    await file(3);
    const second = start();
    await opened(3);
    await second.stop();
    expect(await second.checkpoints.load('case-opener')).toBeGreaterThan(2n);
  });

  it('opens each case once when two of them run', async () => {
    const openers = [start(), start()];
    await Promise.all(Array.from({ length: 20 }, (_, n) => file(n)));
    await append(process.log, 'session-1', said('thank you'));
    await opened(20);
    await Promise.all(openers.map(({ stop }) => stop()));
    expect(await casesOpened()).toBe(20);
  });
});

describe('checkpoints of reactors', () => {
  const checkpointsOf = (logId: string) => createReactorCheckpoints({ pool: database.pool, logId });

  it('begin at the start of the log', async () => {
    expect(await checkpointsOf(newId()).load('a')).toBe(0n);
  });

  it('are kept by name, beyond what a number holds exactly', async () => {
    const checkpoints = checkpointsOf(newId());
    await checkpoints.save('a', 9_007_199_254_740_993n);
    expect([await checkpoints.load('a'), await checkpoints.load('b')]).toEqual([9_007_199_254_740_993n, 0n]);
  });

  it('never move back', async () => {
    const checkpoints = checkpointsOf(newId());
    await checkpoints.save('a', 10n);
    await checkpoints.save('a', 5n);
    expect(await checkpoints.load('a')).toBe(10n);
  });

  it('belong to one log', async () => {
    await checkpointsOf(newId()).save('a', 10n);
    expect(await checkpointsOf(newId()).load('a')).toBe(0n);
  });
});
