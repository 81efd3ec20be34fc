import { createPostgresEventStore, type PostgresEventStoreSettings } from '../../../src/events/postgres/event-store.js';
import { eventStoreMigrations } from '../../../src/events/postgres/migrations.js';
import type { EventStore } from '../../../src/events/store.js';
import { migrate } from '../../../src/platform/migrate.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';

export interface StoreDatabase extends TestDatabase {
  /** A store as a process of its own would open it; `close` ends it. Small pages, so that tests cross their borders. */
  openStore(settings?: Partial<PostgresEventStoreSettings>): Promise<EventStore>;
  /** Messages that stores logged at level error. */
  readonly alarms: readonly string[];
  /** Ends the server's side of connections whose application name has this ending. Gives how many there were. */
  terminate(label: 'append' | 'listen' | ''): Promise<number>;
}

const defaults: PostgresEventStoreSettings = { appendBatchMax: 512, appendTimeoutMs: 10_000, readPageEvents: 50 };

/** An empty event log in a database of its own. */
export async function storeDatabase(): Promise<StoreDatabase> {
  const database = await freshDatabase();
  await migrate(database.pool, 'citizen', eventStoreMigrations);
  const alarms: string[] = [];
  const quiet = (): void => undefined;
  const logger = { debug: quiet, warn: quiet, error: (_fields: object, message: string) => void alarms.push(message) };
  const open: EventStore[] = [];
  return {
    ...database,
    alarms,
    async openStore(settings = {}) {
      const pool = database.createPool({ applicationName: 'store-under-test' });
      const store = await createPostgresEventStore({ pool, logger, settings: { ...defaults, ...settings } });
      open.push(store);
      return store;
    },
    async terminate(label) {
      const { rows } = await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = $1`,
        [label === '' ? 'store-under-test' : `store-under-test ${label}`],
      );
      return rows.length;
    },
    async drop() {
      await Promise.all(open.map((store) => store.close()));
      await database.drop();
    },
  };
}
