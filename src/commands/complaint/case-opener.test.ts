import { describe, expect, it, vi } from 'vitest';
import { complaintStream, sessionStream } from '../../events/catalogue/index.js';
import { createMemoryEventLog, type MemoryEventLog } from '../../../test/support/memory-event-log.js';
import { uuid } from '../../../test/support/given-session.js';
import { createMemoryCheckpoints, type ReactorCheckpoints } from '../reactor-checkpoints.js';
import { createCaseOpener } from './case-opener.js';

const file = (log: MemoryEventLog, n: number) =>
  log.append(
    sessionStream(`session-${n}`),
    [
      {
        event: {
          type: 'ComplaintSubmitted',
          data: {
            complaintId: uuid(n),
            trackingNumber: 'sealed',
            trackingLookup: `k${n}`,
            accessKeyHash: 'h',
            confirmedBy: uuid(500 + n),
            standing: 'informant',
            identityMode: 'anonymous',
            category: null,
            institution: null,
            evidenceIds: [],
          },
        },
        id: uuid(1_000 + n),
        occurredAt: '2026-03-01T10:00:00.000Z',
        actor: { kind: 'agent' },
        correlationId: 'corr',
        subject: `session-${n}`,
      },
    ],
    'any',
  );
const casesIn = (log: MemoryEventLog) => log.recorded.filter((event) => event.type === 'CaseOpened');

/** Runs the opener until the condition holds, then stops it. */
const runUntil = async (
  log: MemoryEventLog,
  checkpoints: ReactorCheckpoints,
  condition: () => boolean,
  onError: (error: unknown) => void = () => undefined,
): Promise<void> => {
  const stop = new AbortController();
  const running = createCaseOpener({ log, checkpoints, onError, pause: () => Promise.resolve() }).run(stop.signal);
  await vi.waitFor(() => expect(condition()).toBe(true));
  stop.abort();
  await running;
};

describe('the case opener', () => {
  it('opens a case for every filed complaint, earlier and later ones', async () => {
    const log = createMemoryEventLog();
    await file(log, 1);
    const filing = runUntil(log, createMemoryCheckpoints(), () => casesIn(log).length === 2);
    await file(log, 2);
    await filing;
    expect(casesIn(log)).toMatchObject([
      {
        data: {
          complaintId: uuid(1),
          sessionId: 'session-1',
          trackingLookup: 'k1',
          filedAt: '2026-03-01T10:00:00.000Z',
        },
        meta: {
          stream: complaintStream(uuid(1)),
          causationId: uuid(1_001),
          correlationId: 'corr',
          actor: { kind: 'system' },
        },
      },
      { data: { complaintId: uuid(2) } },
    ]);
  });

  it('opens each case once, even from the start of the log again', async () => {
    const log = createMemoryEventLog();
    await file(log, 1);
    await runUntil(log, createMemoryCheckpoints(), () => casesIn(log).length === 1);
    await file(log, 2);
    await runUntil(log, createMemoryCheckpoints(), () => casesIn(log).length === 2);
    expect(casesIn(log)).toHaveLength(2);
  });

  it('goes on from where it was', async () => {
    const log = createMemoryEventLog();
    const checkpoints = createMemoryCheckpoints();
    await file(log, 1);
    await runUntil(log, checkpoints, () => casesIn(log).length === 1);
    expect(await checkpoints.load('case-opener')).toBeGreaterThanOrEqual(1n);
  });

  it('tries again after a failure, and tells of it', async () => {
    const log = createMemoryEventLog();
    await file(log, 1);
    const errors: unknown[] = [];
    log.beforeAppend = () => Promise.reject(new Error('The store is away'));
    await runUntil(
      log,
      createMemoryCheckpoints(),
      () => casesIn(log).length === 1,
      (error) => errors.push(error),
    );
    expect(errors).toHaveLength(1);
  });

  it('works beside another one', async () => {
    const log = createMemoryEventLog();
    for (let n = 1; n <= 20; n++) await file(log, n);
    const both = [0, 1].map(() => runUntil(log, createMemoryCheckpoints(), () => casesIn(log).length === 20));
    await Promise.all(both);
    expect(new Set(casesIn(log).map((event) => event.meta.stream)).size).toBe(20);
    expect(casesIn(log)).toHaveLength(20);
  });
});
