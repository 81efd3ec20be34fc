import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import type { LogHead } from '../events/store.js';
import { systemClock, type Clock } from '../platform/clock.js';
import type { CopyRole, CopyState, ProjectionStatus, ProjectionSummary } from './admin.js';
import type { ProjectionFailure } from './failure.js';
import type { Projection } from './projection.js';

export type { ProjectionStatus };

type Db = Pick<pg.Pool, 'query'>;

interface StatusRow {
  readonly name: string;
  readonly version: number;
  readonly role: CopyRole;
  readonly state: CopyState;
  readonly table_name: string;
  readonly phase: ProjectionStatus['phase'];
  readonly position: string;
  readonly recorded_at: Date | null;
  readonly rate: number;
  readonly owner: string | null;
  readonly error: ProjectionFailure | null;
  readonly failures: number;
  readonly waiting_reason: string | null;
  readonly waiting_since: Date | null;
  readonly max_load: number | null;
  readonly paused_reason: string | null;
  readonly skipped: number;
  readonly updated_at: Date;
}

const secondsBetween = (from: number | undefined, to: number): number | null =>
  from === undefined ? null : Math.max(0, (to - from) / 1000);

/**
 * When the first event after each of these positions was recorded. What is in the rows tells nothing of it: a read model to
 * which few events matter may have got past all others long ago.
 */
async function missingSince(
  log: Pick<EventLog, 'readPages'>,
  positions: readonly bigint[],
  head: bigint,
): Promise<ReadonlyMap<bigint, number>> {
  const found = new Map<bigint, number>();
  for (const after of new Set(positions.filter((position) => position < head))) {
    const pages = log.readPages({ after, until: head, pageSize: 1, hashes: 'none' });
    try {
      for await (const { events } of pages) {
        const [first] = events;
        if (first !== undefined) found.set(after, Date.parse(first.meta.recordedAt));
        if (first !== undefined) break;
      }
    } catch {
      // An event that cannot be read has a place in the log, but shows no time.
    }
  }
  return found;
}

function toStatus(
  row: StatusRow,
  { position: head, recordedAt, sparse }: LogHead,
  now: Date,
  missing: ReadonlyMap<bigint, number>,
): ProjectionStatus {
  const position = BigInt(row.position);
  const missingFrom = missing.get(position);
  const lagEvents = head > position ? head - position : 0n;
  const isDistance = sparse === true && lagEvents > 0n;
  const headTime = recordedAt === null ? undefined : Date.parse(recordedAt);
  const { failures, waiting_reason: reason, waiting_since: since } = row;
  return {
    name: row.name,
    version: row.version,
    role: row.role,
    state: row.state,
    table: row.table_name,
    // A phase without an owner was left by a process that died.
    phase: row.owner === null ? null : row.phase,
    position,
    head,
    lagEvents,
    ...(isDistance ? { lagIsDistance: true } : {}),
    lagSeconds: lagEvents === 0n ? 0 : secondsBetween(missingFrom ?? row.recorded_at?.getTime(), now.getTime()),
    headAgeSeconds: secondsBetween(headTime, now.getTime()),
    eventsPerSecond: row.owner === null ? 0 : row.rate,
    etaSeconds:
      lagEvents === 0n ? 0 : row.owner !== null && row.rate > 0 && !isDistance ? Number(lagEvents) / row.rate : null,
    owner: row.owner,
    waiting: failures === 0 ? null : { failures, reason: reason ?? 'unknown', since: (since ?? now).toISOString() },
    error: row.error,
    skipped: row.skipped,
    maxLoadPercent: row.owner === null ? null : row.max_load,
    pausedReason: row.paused_reason,
    updatedAt: row.updated_at.toISOString(),
  };
}

/**
 * Every copy of every projection in this database, by name and version, the live one first.
 * @param log tells for how long copies have been behind; without it that is told by the last event in their rows
 */
export async function readStatus(
  pool: Db,
  head: () => Promise<LogHead>,
  log?: Pick<EventLog, 'readPages'>,
  clock: Clock = systemClock,
): Promise<ProjectionStatus[]> {
  // The head first: what is appended in between must not look like a lag below zero.
  const at = await head();
  const { rows } = await pool.query<StatusRow>(
    `SELECT name, version, role, state, table_name, phase, position::text, recorded_at, rate,
            CASE WHEN lease_until > now() THEN owner END AS owner, error, failures, waiting_reason, waiting_since, max_load,
            paused_reason, updated_at,
            (SELECT count(*)::int FROM projection_skips s WHERE s.name = p.name AND s.version = p.version) AS skipped
     FROM projections p ORDER BY name, version, array_position(ARRAY['live', 'building', 'verifying'], role), table_name`,
  );
  const positions = rows.map(({ position }) => BigInt(position));
  const missing = log === undefined ? new Map<bigint, number>() : await missingSince(log, positions, at.position);
  return rows.map((row) => toStatus(row, at, clock.now(), missing));
}

interface CopyRow {
  readonly name: string;
  readonly version: number;
  readonly role: CopyRole;
  readonly state: CopyState;
  readonly table: string;
  readonly position: string;
  readonly rows: string;
  readonly bytes: string;
}

const summarySql = (bytes: string): string => `
  SELECT p.name, p.version, p.role, p.state, p.table_name AS table, p.position::text,
         greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint, 0)::text AS rows, coalesce(${bytes}, 0)::text AS bytes
  FROM projections p LEFT JOIN pg_class c ON c.oid = to_regclass(p.table_name)
  ORDER BY p.name, p.version DESC, array_position(ARRAY['live', 'building', 'verifying'], p.role), p.table_name`;

/** What the code defines, with what the database has of it. */
export async function readSummaries(pool: Db, projections: readonly Projection[]): Promise<ProjectionSummary[]> {
  const read = async (bytes: string): Promise<CopyRow[]> => (await pool.query<CopyRow>(summarySql(bytes))).rows;
  const rows = await read('pg_total_relation_size(c.oid)').catch((error: unknown) => {
    // The exact size waits for whoever holds a table; how things stand must be told all the same.
    if (error instanceof Error && 'code' in error && error.code === '55P03') return read('c.relpages::bigint * 8192');
    throw error;
  });
  return projections.map((projection) => ({
    name: projection.name,
    version: projection.version,
    columns: Object.entries(projection.columns).map(([name, { sql, nullable }]) => ({ name, type: sql, nullable })),
    key: projection.key,
    events: projection.types,
    copies: rows
      .filter(({ name }) => name === projection.name)
      .map(({ name: _name, position, rows: count, bytes, ...copy }) => ({
        ...copy,
        position: BigInt(position),
        rows: Number(count),
        bytes: Number(bytes),
      })),
  }));
}
