import type pg from 'pg';
import type { CopyRole, WorkPhase } from './admin.js';
import type { ProjectionFailure } from './failure.js';
import type { Projection } from './projection.js';
import type { Checkpoint, Lease } from './row-store.js';

// Who may write a copy of a read model, until when, and how a copy stands.

type Db = Pick<pg.Pool, 'query'>;
type Named = Pick<Projection, 'name' | 'version'>;

/** A copy that this process may write, and where it stands. */
export interface Held extends Lease, Checkpoint {
  /** How often in a row those who held it before could not write. */
  readonly failures: number;
}

interface HeldRow {
  readonly table_name: string;
  readonly fence: string;
  readonly position: string;
  readonly recorded_at: Date | null;
  readonly failures: number;
}
const held = (row: HeldRow): Held => ({
  table: row.table_name,
  fence: row.fence,
  position: BigInt(row.position),
  recordedAt: row.recorded_at?.toISOString() ?? null,
  failures: row.failures,
});

/**
 * Takes the copy in this role, when nobody else holds it and it is running. The fence rises, so a former holder that still
 * lives can write no more.
 */
export async function acquire(
  db: Db,
  { name, version }: Named,
  role: CopyRole,
  { owner, leaseMs }: { readonly owner: string; readonly leaseMs: number },
): Promise<Held | undefined> {
  const { rows } = await db.query<HeldRow>(
    `UPDATE projections SET owner = $1, lease_until = now() + $2 * interval '1 ms', fence = fence + 1, updated_at = now()
     WHERE name = $3 AND version = $4 AND role = $5 AND state = 'running'
       AND (owner IS NULL OR owner = $1 OR lease_until < now())
     RETURNING table_name, fence::text, position::text, recorded_at, failures`,
    [owner, leaseMs, name, version, role],
  );
  return rows[0] && held(rows[0]);
}

/** What the holder of a copy tells of its work. */
export interface Told {
  readonly leaseMs: number;
  /** Events of the log per second. */
  readonly rate: number;
  readonly phase?: Exclude<WorkPhase, 'wait'> | undefined;
  readonly maxLoadPercent?: number | undefined;
}

/**
 * Prolongs a lease and tells the rate. It does not wait for the disk, for which citizens wait: should it be lost, another process
 * takes the copy over, and the fence keeps this one out.
 * @returns false when the copy is ours no more, or no longer running
 */
export async function renew(
  db: Db,
  { table, fence }: Lease,
  { leaseMs, rate, phase, maxLoadPercent }: Told,
): Promise<boolean> {
  const result = await db.query(
    `UPDATE projections SET lease_until = now() + $3 * interval '1 ms', rate = $4, phase = $5, max_load = $6
     WHERE table_name = $1 AND fence = $2 AND state = 'running'
     RETURNING set_config('synchronous_commit', 'off', true)`,
    [table, fence, leaseMs, rate, phase ?? null, maxLoadPercent ?? null],
  );
  return result.rowCount === 1;
}

/** Gives a lease back, so that another process need not wait for its end. */
export async function release(db: Db, { table, fence }: Lease): Promise<void> {
  await db.query(
    `UPDATE projections SET owner = NULL, lease_until = NULL, rate = 0, phase = NULL, max_load = NULL
     WHERE table_name = $1 AND fence = $2`,
    [table, fence],
  );
}

/** Ends the leases of live copies whose holders cannot live any more; the fence still keeps them out, should one do. */
export async function endLiveLeases(db: Db): Promise<void> {
  await db.query(
    `UPDATE projections SET owner = NULL, lease_until = NULL, rate = 0 WHERE role = 'live' AND owner IS NOT NULL`,
  );
}

/** Stops a copy visibly. Only its holder can. */
export async function markFailed(db: Db, { table, fence }: Lease, failure: ProjectionFailure): Promise<void> {
  await db.query(
    `UPDATE projections SET state = 'failed', error = $3, owner = NULL, lease_until = NULL, rate = 0, phase = NULL, max_load = NULL,
       failures = 0, waiting_reason = NULL, waiting_since = NULL, updated_at = now()
     WHERE table_name = $1 AND fence = $2`,
    [table, fence, JSON.stringify(failure)],
  );
}

/** Lets a failed copy try again, once per start of a process: the code may have been put right. */
export async function retryFailed(db: Db, { name, version }: Named): Promise<void> {
  await db.query(
    `UPDATE projections SET state = 'running', error = NULL, updated_at = now()
     WHERE name = $1 AND version = $2 AND state = 'failed'`,
    [name, version],
  );
}

/** Says that the copy of this version cannot be written for now, and how often that was tried. */
export async function markWaiting(
  db: Db,
  { name, version }: Named,
  { failures, reason }: { readonly failures: number; readonly reason: string },
): Promise<void> {
  await db.query(
    `UPDATE projections SET failures = $3, waiting_reason = $4, waiting_since = coalesce(waiting_since, now())
     WHERE name = $1 AND version = $2 AND role IN ('live', 'building')`,
    [name, version, failures, reason],
  );
}

/** Says that it can be written again. */
export async function clearWaiting(db: Db, { name, version }: Named): Promise<void> {
  await db.query(
    `UPDATE projections SET failures = 0, waiting_reason = NULL, waiting_since = NULL
     WHERE name = $1 AND version = $2 AND role IN ('live', 'building')`,
    [name, version],
  );
}

/** The checkpoint of the live table, or undefined while there is none of this version. */
export async function livePosition(db: Db, { name, version }: Named): Promise<bigint | undefined> {
  const { rows } = await db.query<{ position: string }>(
    `SELECT position::text FROM projections WHERE name = $1 AND version = $2 AND role = 'live'`,
    [name, version],
  );
  return rows[0] && BigInt(rows[0].position);
}
