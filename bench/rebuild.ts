import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { eventDefinitions } from '../src/events/catalogue/index.js';
import { createCodec } from '../src/events/codec.js';
import type { EventLog } from '../src/events/event-log.js';
import { createMemoryKeyStore } from '../src/events/memory-key-store.js';
import { createPostgresEventStore } from '../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../src/events/postgres/migrations.js';
import { createEventLog } from '../src/events/typed-log.js';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/index.js';
import { migrate } from '../src/platform/migrate.js';
import { createPool, postgresUrl, type PostgresAddress } from '../src/platform/postgres-pool.js';
import { projectionMigrations } from '../src/projections/migrations.js';
import type { Projection } from '../src/projections/projection.js';
import { projections } from '../src/projections/read-models/index.js';
import { rebuildProjections } from '../src/projections/rebuild.js';
import { bareCursor } from './support/bare-cursor.js';
import { emmettHistory } from './support/emmett-history.js';
import { median } from './support/figures.js';
import { seedHistory } from './support/history.js';

// How fast read models are rebuilt, in turns with a bare cursor over the same rows of the same PostgreSQL and with Emmett, which
// rebuilds one projection of the first of these events.
//   npm run bench:rebuild -- [--events 200000] [--rounds 5] [--emmett-events 5000]    (0: without Emmett)
// BENCH_DATABASE_URL: an empty database on another server; else an embedded PostgreSQL of its own, fsync on.

const SCHEMA = 'bench_rebuild';
const silent = pino({ level: 'silent' });

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

interface Server {
  readonly address: PostgresAddress;
  readonly url: string;
  stop(): Promise<void>;
}

async function startServer(): Promise<Server> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url !== undefined) return { address: { url }, url, stop: () => Promise.resolve() };
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'citizen-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, minFreeDiskBytes: 0, logger: silent });
  return {
    address: server.connection,
    url: postgresUrl(server.connection),
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function readOnly(log: EventLog): Promise<number> {
  let events = 0;
  for await (const _event of log.readAll({ pageSize: 2000 })) events += 1;
  return events;
}

async function rebuild(pool: pg.Pool, log: EventLog, wanted: readonly Projection[]): Promise<void> {
  const results = await rebuildProjections(wanted, { pool, log, owner: `bench ${performance.now()}` });
  const bad = results.find(({ outcome }) => outcome !== 'rebuilt');
  if (bad !== undefined) throw new Error(`${bad.projection.name}: ${bad.outcome}`);
}

interface Measured {
  readonly what: string;
  readonly eventsPerSecond: readonly number[];
}

function print(events: number, measured: readonly Measured[]): void {
  const cursor = median(measured[0]?.eventsPerSecond ?? []);
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  console.log(`${whole(events)} events, ${os.cpus().length} cores, Node ${process.version}`);
  console.log('| what | events/s (median) | lowest to highest | of the cursor |\n|---|---|---|---|');
  for (const { what, eventsPerSecond } of measured) {
    const mid = median(eventsPerSecond);
    const range = `${whole(Math.min(...eventsPerSecond))} to ${whole(Math.max(...eventsPerSecond))}`;
    console.log(`| ${what} | ${whole(mid)} | ${range} | ${(mid / cursor).toFixed(2)} |`);
  }
}

async function main(): Promise<void> {
  const server = await startServer();
  const pool = createPool({ address: server.address, schema: SCHEMA, max: 12, applicationName: 'citizen-bench' });
  try {
    await migrate(pool, SCHEMA, [...eventStoreMigrations, ...projectionMigrations]);
    const settings = { appendBatchMax: 512, appendTimeoutMs: 60_000, readPageEvents: 1000 };
    const store = await createPostgresEventStore({ pool, logger: silent, settings });
    const codec = createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() });
    const log = createEventLog({ store, codec });
    await seedHistory(log, option('events', 200_000));
    const events = Number((await log.head()).position);
    await pool.query('VACUUM ANALYZE events');
    const work: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['a bare cursor (node-postgres, FETCH 1000)', () => bareCursor(pool)],
      ['reading and decoding the log, no projection', () => readOnly(log)],
      [`rebuild of all ${projections.length} projections`, () => rebuild(pool, log, projections)],
      ...projections.map((one) => [`rebuild of ${one.name} alone`, () => rebuild(pool, log, [one])] as const),
    ];
    const few = option('emmett-events', 5_000);
    const emmett = few === 0 ? undefined : await emmettHistory(server.url, log, Math.min(few, events));
    const emmettRates: number[] = [];
    const rates = new Map(work.map(([what]) => [what, [] as number[]]));
    for (let round = 0; round < option('rounds', 5); round += 1) {
      for (const [what, run] of work) {
        const start = performance.now();
        await run();
        rates.get(what)?.push((events * 1000) / (performance.now() - start));
      }
      if (emmett !== undefined) emmettRates.push((emmett.events * 1000) / (await emmett.rebuild()).ms);
    }
    const peer = `Emmett 0.42, rebuild of one projection, ${emmett?.events ?? 0} events`;
    if (emmett !== undefined) rates.set(peer, emmettRates);
    await emmett?.close();
    print(
      events,
      [...rates].map(([what, eventsPerSecond]) => ({ what, eventsPerSecond })),
    );
    await store.close();
    await pool.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
  } finally {
    await pool.end();
    await server.stop();
  }
}

await main();
