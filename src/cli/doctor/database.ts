import type pg from 'pg';
import { allMigrations } from '../../storage.js';
import type { Config } from '../../platform/config.js';
import { findRunningPostgres } from '../../platform/embedded-postgres/find-running.js';
import { checkServerVersion, createPool, type PostgresAddress } from '../../platform/postgres-pool.js';
import { passedPosition } from '../../older-log.js';
import { bad, type Finding } from './check.js';
import { checkMasterKey } from './master-key.js';

/** Clocks that differ more than this make tokens and leases end at the wrong time. */
const MOST_CLOCK_DIFFERENCE_MS = 5_000;

const checkClock = async (pool: pg.Pool): Promise<Finding> => {
  const before = Date.now();
  const { rows } = await pool.query<{ ms: string }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms',
  );
  const differenceMs = Math.round(Number(rows[0]?.ms ?? 0) - (before + Date.now()) / 2);
  const found = `The clocks of this machine and of the database differ by ${Math.abs(differenceMs)} ms.`;
  return Math.abs(differenceMs) <= MOST_CLOCK_DIFFERENCE_MS
    ? { check: 'clock', state: 'ok', found }
    : { check: 'clock', state: 'bad', found, todo: 'Let both follow a time server (chrony, systemd-timesyncd).' };
};

const checkMigrations = async (pool: pg.Pool, schema: string): Promise<Finding> => {
  const { rows: there } = await pool.query<{ table: string | null }>('SELECT to_regclass($1)::text AS table', [
    `${schema}.schema_migrations`,
  ]);
  const check = 'migrations';
  if ((there[0]?.table ?? null) === null) {
    return { check, state: 'note', found: `There is nothing in the schema ${schema} yet; the first start makes it.` };
  }
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${schema}.schema_migrations`);
  const done = new Set(rows.map(({ id }) => id));
  const known = new Set(allMigrations.map(({ id }) => id));
  const strange = [...done].filter((id) => !known.has(id));
  if (strange.length > 0) {
    const found = `The database was migrated by a newer version of this program (${strange.join(', ')}).`;
    return { check, state: 'bad', found, todo: 'Start that version or a newer one.' };
  }
  const open = [...known].filter((id) => !done.has(id));
  return open.length === 0
    ? { check, state: 'ok', found: `All ${known.size} migrations have run.` }
    : { check, state: 'note', found: `${open.length} migrations will run at the next start: ${open.join(', ')}.` };
};

/** The logs that the read models were made from; empty when there are none. */
const logsOfReadModels = async (pool: pg.Pool, schema: string): Promise<string[]> => {
  const { rows } = await pool
    .query<{ log_id: string }>(`SELECT DISTINCT log_id FROM ${schema}.projections WHERE role = 'live'`)
    .catch(() => ({ rows: [] }));
  return rows.map((row) => row.log_id);
};

/** The log that this database keeps itself; undefined when it has none. */
const ownLog = async (pool: pg.Pool, schema: string): Promise<string | undefined> => {
  const { rows } = await pool
    .query<{ log_id: string }>(`SELECT log_id::text FROM ${schema}.log_head`)
    .catch(() => ({ rows: [] }));
  return rows[0]?.log_id;
};

export interface DatabaseFindings {
  readonly findings: Finding[];
  /** The logs that the read models were made from. */
  readonly logIds: readonly string[];
  readonly ownLogId?: string | undefined;
  /** How far they have come in each of those logs. */
  readonly passed?: ReadonlyMap<string, bigint>;
}

/** What the database says about logs; nothing while it is empty. */
const logsIn = async (pool: pg.Pool, schema: string): Promise<Omit<DatabaseFindings, 'findings'>> => {
  const logIds = await logsOfReadModels(pool, schema);
  const passed = new Map<string, bigint>();
  for (const logId of logIds) passed.set(logId, await passedPosition(pool, logId).catch(() => 0n));
  return { logIds, passed, ownLogId: await ownLog(pool, schema) };
};

/** PostgreSQL: reachable, new enough, migrated, and of one mind about the time. */
export const checkDatabase = async (config: Config): Promise<DatabaseFindings> => {
  const running = config.databaseUrl === undefined ? await findRunningPostgres(config.dataDir) : undefined;
  const address: PostgresAddress | undefined = config.databaseUrl === undefined ? running : { url: config.databaseUrl };
  if (address === undefined) {
    const found = 'DATABASE_URL is not set and no server runs: its own PostgreSQL starts with it.';
    const findings: Finding[] = [{ check: 'database', state: 'note', found }];
    return { findings: [...findings, ...(await checkMasterKey(config, undefined))], logIds: [] };
  }
  const pool = createPool({
    ...{ address, schema: config.pgSchema, max: 1, applicationName: 'citizen-doctor' },
    onConnectionError: () => undefined,
  });
  try {
    await checkServerVersion(pool);
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    const found = `PostgreSQL ${rows[0]?.server_version ?? ''} answers.`;
    const findings: Finding[] = [{ check: 'database', state: 'ok', found }];
    findings.push(await checkMigrations(pool, config.pgSchema), await checkClock(pool));
    findings.push(...(await checkMasterKey(config, pool)));
    return { findings, ...(await logsIn(pool, config.pgSchema)) };
  } catch (error) {
    const todo = 'Check the address, the user and the rights in DATABASE_URL.';
    return { findings: [bad('database', error, todo)], logIds: [] };
  } finally {
    await pool.end();
  }
};
