import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool, type PoolOptions } from '../../src/platform/postgres-pool.js';

/** A database of one test's own, on the PostgreSQL server of the test run. */
export interface TestDatabase {
  /** Address for `DATABASE_URL`, child processes and clients. */
  readonly url: string;
  /** A pool on it with `search_path` set to the schema; connects on first use. */
  readonly pool: pg.Pool;
  /** More pools, for tests that act as several processes. */
  createPool(options?: Partial<PoolOptions>): pg.Pool;
  /** Ends the pools and drops the database, also when somebody is still connected. */
  drop(): Promise<void>;
}

/** The same address with another database name; works for socket addresses, which `URL` cannot parse. */
const withDatabase = (url: string, database: string): string =>
  url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Creates an empty database with a unique name. Call `drop` when done. */
export async function freshDatabase(schema = 'citizen'): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = withDatabase(server, name);
  const pools: pg.Pool[] = [];
  const newPool: TestDatabase['createPool'] = (options = {}) => {
    const pool = createPool({ address: { url }, schema, max: 4, applicationName: 'citizen-test', ...options });
    pools.push(pool);
    return pool;
  };
  return {
    url,
    pool: newPool(),
    createPool: newPool,
    async drop() {
      await Promise.all(pools.filter((pool) => !pool.ended).map((pool) => pool.end()));
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
