import pg from 'pg';
import { startupError } from './startup-error.js';
import { stepBackBehind } from './step-back.js';

/** The oldest PostgreSQL this program works with, as `server_version_num` counts. */
const oldestVersion = 140_000;

/** Where a PostgreSQL is: an address, or the parts of one (`host` may be the folder of a Unix socket). */
export type PostgresAddress =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

export interface PoolOptions {
  readonly address: PostgresAddress;
  /** Becomes the `search_path` of every connection; a plain lower-case name. */
  readonly schema: string;
  /** Most connections at the same time. */
  readonly max: number;
  /** Shown in `pg_stat_activity`; must not hold anything personal. */
  readonly applicationName: string;
  /** The server ends a statement that runs longer. Unset: no limit. */
  readonly statementTimeoutMs?: number | undefined;
  /** The server ends a statement that waits longer for a lock of somebody else. Unset: no limit. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long a caller waits for a connection, queueing included. Default 10,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** For long work beside citizens: PostgreSQL's processes step back too, where they can (`stepBackBehind`). */
  readonly stepsBack?: boolean | undefined;
  /** Told of connections that broke (the pool replaces them by itself). */
  readonly onConnectionError?: ((error: Error) => void) | undefined;
}

/** The address of a PostgreSQL as a `postgres://` URL, also for a Unix socket (`?host=/folder`, without TLS). */
export function postgresUrl(address: PostgresAddress): string {
  if ('url' in address) return address.url;
  const { user, database, host, port } = address;
  const target = `${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}&sslmode=disable`;
  return `postgres://${encodeURIComponent(user)}@/${target}`;
}

/** Adds `-c search_path` to the address, where it wins over nothing that the address already says. */
function withSearchPath(url: string, schema: string): string {
  const ours = `-c search_path=${schema}`;
  const theirs = /[?&]options=([^&#]*)/.exec(url)?.[1];
  if (theirs === undefined) return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(ours)}`;
  return url.replace(`options=${theirs}`, `options=${theirs}${encodeURIComponent(` ${ours}`)}`);
}

/**
 * Makes a connection pool. Nothing is connected until the first query. A connection that breaks, idle or in use, is
 * reported to `onConnectionError` and never ends the process; the query that was using it fails with an error.
 */
export function createPool(options: PoolOptions): pg.Pool {
  // The pool waits for it. Where it may not step back, or the connection is gone again, the work goes on as it is.
  const onConnect = (client: pg.ClientBase): unknown => stepBackBehind(client).catch(() => undefined);
  const pool = new pg.Pool({
    connectionString: withSearchPath(postgresUrl(options.address), options.schema),
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    keepAlive: true,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    ...(options.lockTimeoutMs === undefined ? {} : { lock_timeout: options.lockTimeoutMs }),
    ...(options.stepsBack === true ? { onConnect } : {}),
  });
  // Once the pool ends its connections are on their way out: one that the server ends first is no news.
  const report = (error: Error): void => {
    if (!pool.ending) options.onConnectionError?.(error);
  };
  pool.on('error', report);
  // pg takes its own listener away while a connection is checked out; without one Node would end the process.
  pool.on('connect', (client) => void client.on('error', report));
  return pool;
}

/**
 * Checks that the server answers and is new enough.
 * @throws StartupError `database_unreachable` or `postgres_too_old`
 */
export async function checkServerVersion(pool: pg.Pool): Promise<void> {
  const result = await pool
    .query<{ number: string; version: string }>(
      `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version`,
    )
    .catch((error: unknown) => {
      // A host with two addresses that both refuse gives an error without a word.
      const { message = '', code = '' } = error as { message?: string; code?: string };
      const why = message === '' ? code : message;
      throw startupError('database_unreachable', `PostgreSQL cannot be reached: ${why}. Is DATABASE_URL right?`, error);
    });
  const { number = '0', version = 'unknown' } = result.rows[0] ?? {};
  if (Number(number) < oldestVersion) {
    throw startupError('postgres_too_old', `This PostgreSQL is ${version}; it must be 14 or newer.`);
  }
}
