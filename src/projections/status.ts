import type pg from 'pg';
import type { LogHead } from '../events/store.js';
import type { ProjectionFailure } from './leases.js';

/** One copy of a read model, as admins see it. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** `live` and `building` are at work. `paused` and `failed` stand still; their rows are served all the same. */
  readonly state: 'live' | 'building' | 'paused' | 'failed';
  readonly table: string;
  readonly position: bigint;
  readonly head: bigint;
  readonly lagEvents: bigint;
  /** Seconds of the log's own time between what is in the rows and the head; null while nothing is in the rows. */
  readonly lagSeconds: number | null;
  /** Events applied per second, as its owner last told. */
  readonly eventsPerSecond: number;
  /** The process that applies the events, or null when none does. */
  readonly owner: string | null;
  readonly error: ProjectionFailure | null;
  /** ISO 8601. */
  readonly updatedAt: string;
}

interface StatusRow {
  readonly name: string;
  readonly version: number;
  readonly role: 'live' | 'building';
  readonly state: 'running' | 'paused' | 'failed';
  readonly table_name: string;
  readonly position: string;
  readonly recorded_at: Date | null;
  readonly rate: number;
  readonly owner: string | null;
  readonly error: ProjectionFailure | null;
  readonly updated_at: Date;
}

function toStatus(row: StatusRow, { position: head, recordedAt }: LogHead): ProjectionStatus {
  const position = BigInt(row.position);
  const lagEvents = head > position ? head - position : 0n;
  const headTime = recordedAt === null ? null : Date.parse(recordedAt);
  const behind =
    row.recorded_at === null || headTime === null ? null : Math.max(0, (headTime - row.recorded_at.getTime()) / 1000);
  return {
    name: row.name,
    version: row.version,
    state: row.state === 'running' ? row.role : row.state,
    table: row.table_name,
    position,
    head,
    lagEvents,
    lagSeconds: lagEvents === 0n ? 0 : behind,
    eventsPerSecond: row.rate,
    owner: row.owner,
    error: row.error,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Every copy of every projection in this database, by name, the live one first. */
export async function readStatus(
  pool: Pick<pg.Pool, 'query'>,
  head: () => Promise<LogHead>,
): Promise<ProjectionStatus[]> {
  // The head first: what is appended in between must not look like a lag below zero.
  const at = await head();
  const { rows } = await pool.query<StatusRow>(
    `SELECT name, version, role, state, table_name, position::text, recorded_at, rate,
            CASE WHEN lease_until > now() THEN owner END AS owner, error, updated_at
     FROM projections ORDER BY name, version, role = 'building'`,
  );
  return rows.map((row) => toStatus(row, at));
}
