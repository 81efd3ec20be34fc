import { createHash } from 'node:crypto';
import type pg from 'pg';
import { startupError } from './startup-error.js';

/** One step of the database's shape. Never changed once released: a new step is added instead. */
export interface Migration {
  /** `<owner>-<number>`, such as `events-001`. */
  readonly id: string;
  /** Run as one transaction with `search_path` set to the schema. */
  readonly sql: string;
}

const ownerOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));
const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');

/**
 * Brings the schema up to date: makes it if it is missing, then runs, in order, every migration that has not run yet, each
 * in a transaction of its own. An advisory lock lets only one process at a time do so; the others wait and find nothing left.
 *
 * Each owner (`events`, `projections`, …) has a row of its own, so that lists of different owners may come in one call or
 * in several.
 * @param schema a plain lower-case name
 * @throws StartupError `schema_newer` when a newer program has migrated this schema, `schema_changed` when a migration that
 *         has run is not the one this program knows, `schema_forbidden` when this user may not create the schema
 */
export async function migrate(pool: pg.Pool, schema: string, migrations: readonly Migration[]): Promise<void> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error('The name of a schema must be plain lower case');
  const client = await pool.connect();
  try {
    // Waiting for another process's migration may take longer than a statement may otherwise.
    await client.query('SET statement_timeout = 0');
    await client.query('SET lock_timeout = 0');
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`citizen-interface/migrate/${schema}`]);
    await createSchema(client, schema);
    await client.query(`SET search_path = ${schema}`);
    const known = await appliedChecksums(client);
    refuseStrangers(known, migrations);
    for (const migration of migrations) {
      if (!known.has(migration.id)) await apply(client, migration);
    }
  } finally {
    // Ends the connection, and with it the lock and the changed settings.
    client.release(true);
  }
}

async function createSchema(client: pg.PoolClient, schema: string): Promise<void> {
  // Asked first because CREATE … IF NOT EXISTS needs the right to create even when there is nothing to do.
  const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) {
    await client.query(`CREATE SCHEMA ${schema}`).catch((error: unknown) => {
      const message = `The database user may not create the schema ${schema}. Grant it CREATE on the database, or create the schema for it.`;
      throw isForbidden(error) ? startupError('schema_forbidden', message, error) : error;
    });
  }
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.schema_migrations (
       id text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
}

const isForbidden = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501';

async function appliedChecksums(client: pg.PoolClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; checksum: string }>('SELECT id, checksum FROM schema_migrations');
  return new Map(rows.map((row) => [row.id, row.checksum]));
}

function refuseStrangers(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]));
  const owners = new Set(migrations.map((migration) => ownerOf(migration.id)));
  for (const [id, checksum] of known) {
    const migration = byId.get(id);
    if (migration === undefined) {
      if (!owners.has(ownerOf(id))) continue;
      throw startupError(
        'schema_newer',
        `The database was migrated by a newer version of this program (${id} is unknown here). Nothing was changed. Start that version or a newer one.`,
      );
    }
    if (checksumOf(migration) !== checksum) {
      throw startupError(
        'schema_changed',
        `The migration ${id} that ran on this database is not the one of this program. Nothing was changed. Start the version that made the database.`,
      );
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migrations (id, checksum) VALUES ($1, $2)', [
      migration.id,
      checksumOf(migration),
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`The migration ${migration.id} failed`, { cause: error });
  }
}
