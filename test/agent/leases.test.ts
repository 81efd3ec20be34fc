import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearLeases, createPostgresLeases, responderMigrations } from '../../src/agent/postgres-leases.js';
import { migrate } from '../../src/platform/migrate.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { until } from './support/office.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.pool, 'citizen', responderMigrations);
});
afterAll(() => database.drop());

const leasesOf = (durationMs: number) => createPostgresLeases({ pool: database.pool, durationMs });

describe('a lease of a session', () => {
  it('is held by one process at a time', async () => {
    const [one, other] = [leasesOf(60_000), leasesOf(60_000)];
    expect(await one.acquire('a')).toBeDefined();
    expect(await other.acquire('a')).toBeUndefined();
    expect(await other.acquire('b')).toBeDefined();
  });

  it('goes to exactly one of many that ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => leasesOf(60_000).acquire('c')));
    expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('is free again after release', async () => {
    const lease = await leasesOf(60_000).acquire('d');
    await lease?.release();
    expect(await leasesOf(60_000).acquire('d')).toBeDefined();
  });

  it('can be taken over when it ran out, and then not renewed or released by the one before', async () => {
    const late = await leasesOf(1).acquire('e');
    const other = leasesOf(60_000);
    const taken = await until(async () => {
      const lease = await other.acquire('e');
      expect(lease).toBeDefined();
      return lease;
    });
    expect(await late?.renew()).toBe(false);
    await late?.release();
    expect(await taken?.renew()).toBe(true);
  });

  it('stays while it is renewed', async () => {
    const lease = await leasesOf(60_000).acquire('f');
    expect(await lease?.renew()).toBe(true);
    expect(await leasesOf(1).acquire('f')).toBeUndefined();
  });

  it('may be taken again by its own holder', async () => {
    const leases = leasesOf(60_000);
    await leases.acquire('g');
    expect(await leases.acquire('g')).toBeDefined();
  });

  it('goes with all others when a process that is alone clears them', async () => {
    await leasesOf(60_000).acquire('h');
    await clearLeases(database.pool);
    expect(await leasesOf(60_000).acquire('h')).toBeDefined();
  });
});
