import type { Outcome, ProjectionAdmin, ProjectionStatus, ProjectionSummary } from '../../src/projections/admin.js';

/** How one copy stands: in order, unless `over` says otherwise. */
export const copyStatus = (over: Partial<ProjectionStatus> = {}): ProjectionStatus => ({
  ...{ name: 'transcript', version: 3, role: 'live', state: 'running', table: 'transcript_v3_12', phase: null },
  ...{ position: 1204n, head: 1204n, lagEvents: 0n, lagSeconds: 0, headAgeSeconds: 12 },
  ...{ eventsPerSecond: 7, etaSeconds: 0, owner: 'office-1/4711/0a1b2c3d', waiting: null, error: null, skipped: 0 },
  ...{ maxLoadPercent: null, pausedReason: null, updatedAt: '2026-05-12T14:00:00.000Z' },
  ...over,
});

/** One that stopped at an event. */
export const failedStatus = copyStatus({
  ...{ state: 'failed', position: 1203n, lagEvents: 1n, lagSeconds: 30, owner: null },
  error: {
    ...{ position: '1204', eventType: 'UserMessageReceived', eventId: '0190aaaa-0000-7000-8000-000000000000' },
    message: 'TypeError: row is null',
    stack: ['at apply (transcript.js:10:3)', 'at fold (fold.js:20:5)'],
  },
});

/** An administration that knows `transcript` and `pending-turns`, does nothing, and writes down what it was told to do. */
export const adminDouble = (
  over: Partial<ProjectionAdmin> = {},
): { readonly admin: ProjectionAdmin; readonly told: (readonly unknown[])[] } => {
  const told: (readonly unknown[])[] = [];
  const obey =
    (what: string) =>
    (...given: readonly unknown[]): Promise<Outcome> => {
      told.push([what, ...given]);
      return Promise.resolve({ ok: true, message: `${what} is done.` });
    };
  const summary = (name: string, version: number): ProjectionSummary => ({
    ...{ name, version, key: ['session_id'], events: ['SessionStarted', 'UserMessageReceived'] },
    columns: [
      { name: 'session_id', type: 'text', nullable: false },
      { name: 'ended_at', type: 'timestamptz', nullable: true },
    ],
    copies: [
      {
        ...{ version, table: `${name}_v${version}_1`, position: 1204n, rows: 97, bytes: 1_500_000 },
        role: 'live',
        state: 'running',
      },
    ],
  });
  const admin: ProjectionAdmin = {
    list: () => Promise.resolve([summary('transcript', 3), summary('pending-turns', 1)]),
    status: () => Promise.resolve([copyStatus()]),
    rebuild: (names) => Promise.resolve(names.map((name) => ({ name, version: 3, outcome: 'rebuilt' }))),
    verify: () => Promise.resolve({ outcome: 'same', position: 1204n, rows: 97 }),
    cancelRebuild: obey('cancel'),
    rollback: obey('rollback'),
    dropOld: obey('drop-old'),
    pause: obey('pause'),
    resume: obey('resume'),
    retry: obey('retry'),
    skip: obey('skip'),
    ...over,
  };
  return { admin, told };
};
