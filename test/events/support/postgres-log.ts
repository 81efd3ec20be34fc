import { pino } from 'pino';
import { eventDefinitions, sessionStream, type DomainEvent } from '../../../src/events/catalogue/index.js';
import { createCodec } from '../../../src/events/codec.js';
import type { Codec, EventLog } from '../../../src/events/event-log.js';
import { createPostgresEventStore } from '../../../src/events/postgres/event-store.js';
import { keyStoreMigrations } from '../../../src/events/postgres/key-store-migrations.js';
import { createPostgresKeyStore, type PostgresKeyStore } from '../../../src/events/postgres/key-store.js';
import { eventStoreMigrations } from '../../../src/events/postgres/migrations.js';
import type { EventStore } from '../../../src/events/store.js';
import { createEventLog } from '../../../src/events/typed-log.js';
import { newId } from '../../../src/platform/ids.js';
import { migrate } from '../../../src/platform/migrate.js';
import { freshDatabase, type TestDatabase } from '../../support/database.js';

/** What one process has of the event log. */
export interface ProcessLog {
  readonly store: EventStore;
  readonly keys: PostgresKeyStore;
  readonly codec: Codec;
  readonly log: EventLog;
}

export const KEY_TTL_MS = 5_000;

/** Opens the event log on a database, as a process of its own would. */
export const openLog = async (database: TestDatabase, nowMs: () => number = () => 0): Promise<ProcessLog> => {
  const pool = database.createPool();
  const masterKey = Buffer.alloc(32, 3);
  const store = await createPostgresEventStore({
    pool,
    logger: pino({ level: 'silent' }),
    settings: { appendBatchMax: 100, appendTimeoutMs: 10_000, readPageEvents: 7 },
  });
  const keys = await createPostgresKeyStore({ pool, masterKey, cacheTtlMs: KEY_TTL_MS, cacheMax: 100, nowMs });
  const codec = createCodec({ definitions: eventDefinitions, keys });
  return { store, keys, codec, log: createEventLog({ store, codec }) };
};

/** An empty database with the tables of the log and of the keys. */
export const logDatabase = async (): Promise<TestDatabase> => {
  const database = await freshDatabase();
  await migrate(database.pool, 'citizen', [...eventStoreMigrations, ...keyStoreMigrations]);
  return database;
};

/** Appends one event to the stream of a session. Gives its id. */
export const append = async (log: EventLog, subject: string, event: DomainEvent): Promise<string> => {
  const id = newId();
  const occurredAt = '2026-01-02T03:04:05.678Z';
  await log.append(sessionStream(subject), [{ event, id, occurredAt, actor: { kind: 'citizen' }, subject }], 'any');
  return id;
};

export const said = (text: string): DomainEvent => ({ type: 'UserMessageReceived', data: { text, evidenceIds: [] } });
