import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { createPostgresEventStore } from '../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../src/events/postgres/migrations.js';
import type { EventStore } from '../../src/events/store.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { migrate } from '../../src/platform/migrate.js';
import { createPool, postgresUrl } from '../../src/platform/postgres-pool.js';

/** The PostgreSQL of a measurement: BENCH_DATABASE_URL, or an embedded one in a folder that is removed afterwards. */
export interface BenchServer {
  /** Makes an empty database. */
  createDatabase(name: string): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** The event log in this database, with the settings that the server has by default. */
  readonly store: EventStore;
}

const logger = pino({ level: 'warn' });
const mebibyte = 1024 * 1024;

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'citizen-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, minFreeDiskBytes: 256 * mebibyte, logger });
  return {
    url: postgresUrl(server.connection),
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function startBenchServer(): Promise<BenchServer> {
  const server = await startServer();
  const closing: (() => Promise<unknown>)[] = [];
  const administer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  return {
    async createDatabase(suffix) {
      const name = `bench_${suffix}_${process.pid}`;
      await administer(`CREATE DATABASE ${name} TEMPLATE template0`);
      const url = server.url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
      const pool = createPool({ address: { url }, schema: 'citizen', max: 10, applicationName: 'bench' });
      await migrate(pool, 'citizen', eventStoreMigrations);
      const store = await createPostgresEventStore({
        pool,
        logger,
        settings: { appendBatchMax: 512, appendTimeoutMs: 10_000, readPageEvents: 1_000 },
      });
      closing.push(async () => {
        await store.close();
        await pool.end();
        await administer(`DROP DATABASE ${name} WITH (FORCE)`);
      });
      return { url, pool, store };
    },
    async stop() {
      for (const close of closing) await close();
      await server.stop();
    },
  };
}
