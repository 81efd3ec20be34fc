import type pg from 'pg';
import { pino } from 'pino';
import type { EventLog } from '../../src/events/event-log.js';
import { migrate } from '../../src/platform/migrate.js';
import { projectionMigrations } from '../../src/projections/migrations.js';
import type { Projection, Row } from '../../src/projections/projection.js';
import { decodeRow } from '../../src/projections/row-store.js';
import { viewName } from '../../src/projections/sql.js';
import { startProjections, type RunningProjections } from '../../src/projections/start.js';
import { freshDatabase, type TestDatabase } from './database.js';
import type { MemoryLog } from './memory-log.js';
import { inKeyOrder } from './projection-harness.js';

export const silent = pino({ level: 'silent' });

/** A database with the control table of the projections. */
export async function projectionDatabase(): Promise<TestDatabase> {
  const database = await freshDatabase();
  await migrate(database.pool, 'citizen', projectionMigrations);
  return database;
}

/** What the live table holds, as handlers see it, in the order of `memoryRows`. */
export async function liveRows(pool: pg.Pool, projection: Projection): Promise<Row[]> {
  const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM ${viewName(projection)}`);
  return inKeyOrder(
    projection,
    rows.map((raw) => decodeRow(projection, raw)),
  );
}

/** Starts projections over a log in memory, with rhythms that suit a test. */
export const start = (
  pool: pg.Pool,
  log: MemoryLog | EventLog,
  projections: readonly Projection[],
  settings: Parameters<typeof startProjections>[0]['settings'] = {},
): Promise<RunningProjections> =>
  startProjections({ pool, log: log as EventLog, logger: silent, projections, settings });
