import type pg from 'pg';
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

const secondsBetween = (from: Date | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, (to - from.getTime()) / 1000);

function toStatus(row: StatusRow, { position: head, recordedAt }: LogHead, now: Date): ProjectionStatus {
  const position = BigInt(row.position);
  const lagEvents = head > position ? head - position : 0n;
  const headTime = recordedAt === null ? null : Date.parse(recordedAt);
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
    lagSeconds: lagEvents === 0n ? 0 : secondsBetween(row.recorded_at, headTime),
    headAgeSeconds: headTime === null ? null : Math.max(0, (now.getTime() - headTime) / 1000),
    eventsPerSecond: row.owner === null ? 0 : row.rate,
    etaSeconds: lagEvents === 0n ? 0 : row.owner !== null && row.rate > 0 ? Number(lagEvents) / row.rate : null,
    owner: row.owner,
    waiting: failures === 0 ? null : { failures, reason: reason ?? 'unknown', since: (since ?? now).toISOString() },
    error: row.error,
    skipped: row.skipped,
    maxLoadPercent: row.owner === null ? null : row.max_load,
    pausedReason: row.paused_reason,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Every copy of every projection in this database, by name and version, the live one first. */
export async function readStatus(
  pool: Db,
  head: () => Promise<LogHead>,
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
  return rows.map((row) => toStatus(row, at, clock.now()));
}

/**
 * The copies that this database serves now: of each projection the live one of its newest version. Copies that are built,
 * kept, or left by older programs are nobody's answer, however old they are.
 */
export const servingCopies = (statuses: readonly ProjectionStatus[]): ProjectionStatus[] =>
  statuses.filter(
    ({ name, version, role }) =>
      role === 'live' &&
      !statuses.some((other) => other.role === 'live' && other.name === name && other.version > version),
  );

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

/** What the code defines, with what the database has of it. */
export async function readSummaries(pool: Db, projections: readonly Projection[]): Promise<ProjectionSummary[]> {
  const { rows } = await pool.query<CopyRow>(
    `SELECT p.name, p.version, p.role, p.state, p.table_name AS table, p.position::text,
            greatest(0, coalesce(c.reltuples, 0))::bigint::text AS rows,
            coalesce(pg_total_relation_size(c.oid), 0)::text AS bytes
     FROM projections p LEFT JOIN pg_class c ON c.oid = to_regclass(p.table_name)
     ORDER BY p.name, p.version DESC, array_position(ARRAY['live', 'building', 'verifying'], p.role), p.table_name`,
  );
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
