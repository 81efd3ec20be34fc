import { constants, getPriority } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeEach(async () => void (database = await freshDatabase()));
afterEach(() => database.drop());

const setting = `SELECT current_setting('search_path') AS path`;

it('sets the search path of every connection', async () => {
  expect((await database.pool.query(setting)).rows).toEqual([{ path: 'citizen' }]);
});

it('keeps options that the address brings', async () => {
  const pool = database.createPool({ address: { url: `${database.url}&options=${encodeURIComponent('-c jit=on')}` } });
  const { rows } = await pool.query(`${setting}, current_setting('jit') AS jit`);
  expect(rows).toEqual([{ path: 'citizen', jit: 'on' }]);
});

it('survives connections that break, idle and in use, and reports them', async () => {
  const onConnectionError = vi.fn<(error: Error) => void>();
  const pool = database.createPool({ onConnectionError });
  const used = await pool.connect();
  await pool.query('SELECT 1');
  const others = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await database.pool.query(others);
  await expect.poll(() => onConnectionError.mock.calls.length).toBeGreaterThanOrEqual(2);
  used.release(true);
  const one = (): Promise<unknown> =>
    pool.query<{ one: number }>('SELECT 1 AS one').then(
      ({ rows }) => rows,
      () => 'on a connection of which it is not known yet that it is broken',
    );
  await expect.poll(one).toEqual([{ one: 1 }]);
});

it('ends statements that run longer than allowed', async () => {
  const pool = database.createPool({ statementTimeoutMs: 50 });
  await expect(pool.query('SELECT pg_sleep(10)')).rejects.toThrow('statement timeout');
});

it('says nothing of connections that break while the pool ends', async () => {
  const onConnectionError = vi.fn();
  const pool = database.createPool({ onConnectionError });
  const used = await pool.connect();
  const { rows } = await used.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = pool.end();
  const gone = new Promise<void>((resolve) => used.once('end', () => resolve()));
  await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await gone;
  used.release();
  await ended;
  expect(onConnectionError).not.toHaveBeenCalled();
});

it.runIf(process.platform === 'linux')(
  'lets the PostgreSQL processes of long work step back, and no others',
  async () => {
    const priority = async (pool: TestDatabase['pool']): Promise<number> => {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      return getPriority(rows[0]?.pid);
    };
    const usual = await priority(database.pool);
    expect(await priority(database.createPool({ stepsBack: true }))).toBe(
      Math.max(usual, constants.priority.PRIORITY_BELOW_NORMAL),
    );
    expect(await priority(database.pool)).toBe(usual);
  },
);
