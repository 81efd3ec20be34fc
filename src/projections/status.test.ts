import { expect, it } from 'vitest';
import type { LogHead } from '../events/store.js';
import { readStatus } from './status.js';

const row = (position: string) => ({
  ...{ name: 'counter', version: 1, role: 'live', state: 'running', table_name: 't', phase: null, position, rate: 100 },
  ...{ recorded_at: new Date(0), owner: 'me', error: null, failures: 0, waiting_reason: null, waiting_since: null },
  ...{ max_load: null, paused_reason: null, skipped: 0, updated_at: new Date(0) },
});
const statusAt = async (position: string, head: Partial<LogHead>) => {
  const pool = { query: () => Promise.resolve({ rows: [row(position)] }) } as never;
  const [status] = await readStatus(pool, () =>
    Promise.resolve({ position: 500n, recordedAt: '1970-01-01T00:00:10.000Z', ...head }),
  );
  return status;
};

it('where positions count events, the lag is a number of events, and the time left follows from it', async () => {
  const status = await statusAt('300', {});
  expect(status).toMatchObject({ lagEvents: 200n, etaSeconds: 2 });
  expect(status).not.toHaveProperty('lagIsDistance');
});
it('where positions only grow, the lag is called a distance, and no time left is made up from it', async () => {
  expect(await statusAt('300', { sparse: true })).toMatchObject({ lagIsDistance: true, etaSeconds: null });
});
it('nothing missing is nothing missing, whatever positions mean', async () => {
  const status = await statusAt('500', { sparse: true });
  expect(status).toMatchObject({ lagEvents: 0n, lagSeconds: 0, etaSeconds: 0 });
  expect(status).not.toHaveProperty('lagIsDistance');
});
