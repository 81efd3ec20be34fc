import { existsSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { reactorCheckpointMigrations } from './events/postgres/reactor-checkpoints.js';
import { readConnectionString } from './events/eventstoredb/connection-string.js';
import { createCodec } from './events/codec.js';
import { eventDefinitions } from './events/catalogue/index.js';
import type { Codec, EventLog } from './events/event-log.js';
import { deliveryCursorMigrations } from './events/postgres/delivery-cursors.js';
import { measuredStore } from './events/measured-store.js';
import { createPostgresEventStore } from './events/postgres/event-store.js';
import { keyStoreMigrations } from './events/postgres/key-store-migrations.js';
import { createPostgresKeyStore, type PostgresKeyStore } from './events/postgres/key-store.js';
import { eventStoreMigrations } from './events/postgres/migrations.js';
import type { EventStore } from './events/store.js';
import { createEventLog } from './events/typed-log.js';
import { uploadMigrations } from './events/postgres/uploads.js';
import { responderMigrations } from './agent/postgres-leases.js';
import type { Config } from './platform/config.js';
import { explainStartError } from './platform/data-dir.js';
import { findRunningPostgres } from './platform/embedded-postgres/find-running.js';
import { startEmbeddedPostgres } from './platform/embedded-postgres/index.js';
import type { Logger } from './platform/logging.js';
import { noMetrics, type Metrics } from './platform/metrics.js';
import { migrate } from './platform/migrate.js';
import { checkServerVersion, createPool, type PostgresAddress } from './platform/postgres-pool.js';
import { loadMasterKey } from './platform/secrets.js';
import { startupError } from './platform/startup-error.js';
import { projectionMigrations } from './projections/migrations.js';

/** Everything that is kept: the database, the event log (over it or elsewhere), and the keys. */
export interface Storage {
  readonly address: PostgresAddress;
  /** For commands, queries and read models. */
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly log: EventLog;
  readonly codec: Codec;
  readonly keys: PostgresKeyStore;
  readonly masterKey: Buffer;
  /** Closes all connections and, when this process started it, the embedded PostgreSQL. */
  close(): Promise<void>;
}

export interface StorageOptions {
  /**
   * `server` owns DATA_DIR: a second one is refused. `tool` works beside a running server when there is one, and otherwise
   * starts PostgreSQL for as long as it needs.
   */
  readonly as: 'server' | 'tool';
  /** For long work beside citizens: what it asks of the database steps back, where that can be. Default: no. */
  readonly stepsBack?: boolean | undefined;
  /** Told when the embedded PostgreSQL is lost for good. */
  readonly onDatabaseLost?: (error: unknown) => void;
  /** Default: nothing is measured. */
  readonly metrics?: Pick<Metrics, 'appended' | 'appendBatch'>;
}

interface Database {
  readonly address: PostgresAddress;
  readonly stop: () => Promise<void>;
}

const KEYS_CACHED = 50_000;
/** Nothing of ours holds a lock for so long: whoever waits longer backs off, visibly, and leaves its connection to others. */
const LOCK_TIMEOUT_MS = 5000;

const openDatabase = async (config: Config, logger: Logger, options: StorageOptions): Promise<Database> => {
  if (config.databaseUrl !== undefined) return { address: { url: config.databaseUrl }, stop: () => Promise.resolve() };
  if (options.as === 'tool') {
    const running = await findRunningPostgres(config.dataDir);
    if (running !== undefined) return { address: running, stop: () => Promise.resolve() };
    // A mistyped DATA_DIR must not look like an empty log that is in order.
    if (!existsSync(path.join(config.dataDir, 'postgres', 'PG_VERSION'))) {
      const where = path.resolve(config.dataDir);
      throw startupError(
        'data_dir_empty',
        `There is no data in DATA_DIR ${where}. Set DATA_DIR to the server's folder.`,
      );
    }
  }
  const embedded = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    minFreeDiskBytes: config.minFreeDiskBytes,
    logger,
    ...(options.onDatabaseLost === undefined ? {} : { onGaveUp: options.onDatabaseLost }),
  });
  return { address: embedded.connection, stop: () => embedded.stop() };
};

/** All tables of this program, in the order in which they may be made. */
export const allMigrations = [
  ...eventStoreMigrations,
  ...keyStoreMigrations,
  ...reactorCheckpointMigrations,
  ...deliveryCursorMigrations,
  ...projectionMigrations,
  ...responderMigrations,
  ...uploadMigrations,
];

type NewPool = (max: number, applicationName: string, lockTimeoutMs?: number) => pg.Pool;

/** The log is where EVENTSTORE_URL says; in the same PostgreSQL as all the rest if it says nothing. */
const openEventStore = async ({
  config,
  logger,
  metrics,
  newPool,
}: {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'appendBatch'>;
  readonly newPool: NewPool;
}): Promise<EventStore> => {
  const { appendTimeoutMs, readPageEvents, appendBatchMax } = config;
  if (config.eventStoreUrl !== undefined) {
    const address = readConnectionString(config.eventStoreUrl);
    if (address.hasCredentials && !address.tls) {
      logger.warn('EVENTSTORE_URL has a password and tls=false: the client then sends no password at all');
    }
    // Loaded only where it is used: the client takes a third of a second and 60 MB.
    const { createEventStoreDbStore } = await import('./events/eventstoredb/event-store.js');
    return createEventStoreDbStore({
      address,
      logger,
      settings: {
        streamPrefix: config.eventStoreStreamPrefix,
        timeoutMs: appendTimeoutMs,
        readPageEvents,
        appendsInFlight: config.eventStoreAppendsInFlight,
      },
    });
  }
  return createPostgresEventStore({
    // The log has connections of its own: no slow query may keep an append waiting.
    pool: newPool(6, 'citizen-log'),
    logger,
    settings: { appendBatchMax, appendTimeoutMs, readPageEvents },
    onBatch: (requests, events) => metrics.appendBatch(requests, events),
  });
};

/**
 * Opens the database (the embedded one when DATABASE_URL is not set), brings its schema up to date under a lock, and makes
 * the event log over it.
 * @throws StartupError when something must be mended by a person first
 */
export const openStorage = async (config: Config, logger: Logger, options: StorageOptions): Promise<Storage> => {
  const database = await openDatabase(config, logger, options);
  const pools: pg.Pool[] = [];
  const newPool: NewPool = (max, applicationName, lockTimeoutMs) => {
    const pool = createPool({
      address: database.address,
      schema: config.pgSchema,
      max,
      lockTimeoutMs,
      applicationName: `${applicationName} ${process.pid}`,
      stepsBack: options.stepsBack,
      onConnectionError: (error) => logger.warn({ err: { message: error.message } }, 'A database connection broke'),
    });
    pools.push(pool);
    return pool;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.stop();
  };
  try {
    const masterKey = await loadMasterKey(config);
    const pool = newPool(config.pgPoolSize, 'citizen', LOCK_TIMEOUT_MS);
    await checkServerVersion(pool);
    await migrate(pool, config.pgSchema, allMigrations);
    const keys = await createPostgresKeyStore({
      pool,
      masterKey,
      cacheTtlMs: config.keyCacheTtlMs,
      cacheMax: KEYS_CACHED,
    });
    const codec = createCodec({ definitions: eventDefinitions, keys });
    const metrics = options.metrics ?? noMetrics;
    const opened = await openEventStore({ config, logger, metrics, newPool });
    const store = measuredStore(opened, metrics);
    const log = createEventLog({ store, codec });
    const close = async (): Promise<void> => {
      await store.close();
      await stop();
    };
    return { address: database.address, pool, store, log, codec, keys, masterKey, close };
  } catch (error) {
    await stop().catch(() => undefined);
    throw config.databaseUrl === undefined ? await explainStartError(error, path.resolve(config.dataDir)) : error;
  }
};
