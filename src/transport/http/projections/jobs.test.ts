import { expect, it } from 'vitest';
import { adminDouble } from '../../../../test/support/projection-admin.js';
import type { ProjectionAdmin } from '../../../projections/queries/administration.js';
import { createJobs } from './jobs.js';

const setup = (over: Partial<ProjectionAdmin> = {}) => {
  const errors: unknown[] = [];
  const clock = { now: () => new Date('2026-05-12T14:00:00.000Z') };
  const jobs = createJobs({ admin: adminDouble(over).admin, clock, onError: (error) => void errors.push(error) });
  const settled = () => expect.poll(() => jobs.all()[0]?.state, { interval: 1 }).not.toBe('running');
  return { jobs, errors, settled };
};
/** Works until it is told to stop. */
const endless: ProjectionAdmin['rebuild'] = (_names, options) =>
  new Promise((_resolve, reject) => {
    options?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    options?.onProgress?.({ phase: 'load', position: 1n, head: 9n, eventsPerSecond: 5, etaSeconds: 2 });
  });

it('runs beside the request that started it, and keeps what came out', async () => {
  const { jobs, settled } = setup();
  expect(jobs.start('rebuild', ['transcript'], undefined)).toMatchObject({ state: 'running', results: null });
  await settled();
  expect(jobs.all()).toMatchObject([
    { state: 'done', results: [{ name: 'transcript', outcome: 'rebuilt' }], endedAt: '2026-05-12T14:00:00.000Z' },
  ]);
});

it('verifies one after the other, and says of each how it went', async () => {
  const { jobs, settled } = setup();
  jobs.start('verify', ['transcript', 'pending-turns'], 50);
  await settled();
  expect(jobs.all()[0]?.results).toMatchObject([
    { name: 'transcript', outcome: 'same' },
    { name: 'pending-turns', outcome: 'same' },
  ]);
});

it('does the same thing for one name only once at a time', async () => {
  const { jobs } = setup({ rebuild: endless });
  jobs.start('rebuild', ['transcript', 'pending-turns'], undefined);
  expect(jobs.start('rebuild', ['pending-turns'], undefined)).toBeUndefined();
  expect(jobs.start('verify', ['pending-turns'], undefined)).toBeDefined();
  await jobs.stop();
});

it('shows how far it is, and stops with the server', async () => {
  const { jobs, errors } = setup({ rebuild: endless });
  jobs.start('rebuild', ['transcript'], undefined);
  expect(jobs.all()[0]).toMatchObject({ state: 'running', progress: { phase: 'load', position: 1n } });
  await jobs.stop();
  expect(jobs.all()[0]).toMatchObject({ state: 'stopped', error: null });
  expect(errors).toEqual([]);
});

it('says why it broke, to whoever asks and to the log', async () => {
  const broken = new Error('no database');
  const { jobs, errors, settled } = setup({ verify: () => Promise.reject(broken) });
  jobs.start('verify', ['transcript'], undefined);
  await settled();
  expect(jobs.all()[0]).toMatchObject({ state: 'broken', error: 'no database' });
  expect(errors).toEqual([broken]);
});

it.each(['busy', 'cancelled', 'failed'] as const)(
  'is not done when nothing came of it, and says why: %s',
  async (outcome) => {
    const { jobs, settled } = setup({
      rebuild: (names) => Promise.resolve(names.map((name) => ({ name, version: 3, outcome }))),
    });
    jobs.start('rebuild', ['transcript'], undefined);
    await settled();
    expect(jobs.all()[0]).toMatchObject({
      state: 'not_done',
      results: [{ name: 'transcript', outcome }],
      error: expect.stringMatching(/^Nothing was done\. transcript: .{10,}\.$/),
    });
  },
);

it('is done when one of several was, and the results say of which', async () => {
  const { jobs, settled } = setup({
    rebuild: ([first = '', second = '']) =>
      Promise.resolve([
        { name: first, version: 3, outcome: 'busy' },
        { name: second, version: 3, outcome: 'rebuilt' },
      ]),
  });
  jobs.start('rebuild', ['transcript', 'pending-turns'], undefined);
  await settled();
  expect(jobs.all()[0]).toMatchObject({ state: 'done', error: null });
});

it('remembers the last twenty', async () => {
  const { jobs } = setup();
  for (let n = 0; n < 30; n += 1) {
    jobs.start('rebuild', [`projection-${n}`], undefined);
    await expect.poll(() => jobs.all()[0]?.state, { interval: 1 }).toBe('done');
  }
  expect(jobs.all()).toHaveLength(20);
  expect(jobs.all()[0]?.names).toEqual(['projection-29']);
});
