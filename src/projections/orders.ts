import type pg from 'pg';
import type { CopyState, Outcome, RefusalCode } from './admin.js';
import { inTransaction, lockName } from './copies.js';
import type { ProjectionFailure } from './failure.js';
import type { Projection } from './projection.js';

// Orders to whoever runs a projection. They are left in the control table: a process that follows the projection finds out
// with its next write or renewal, wherever it runs.

type Named = Pick<Projection, 'name' | 'version'>;

const no = (code: RefusalCode, message: string): Outcome => ({ ok: false, code, message });
const yes = (message: string): Outcome => ({ ok: true, message });

const MAX_REASON_CHARS = 500;
const placeOf = ({ position }: ProjectionFailure): string => `position ${position ?? 'unknown'}`;

interface LiveRow {
  readonly state: CopyState;
  readonly error: ProjectionFailure | null;
}

/** Looks at the live copy under a lock, and changes its state when `decide` says so. */
async function change(
  pool: pg.Pool,
  { name, version }: Named,
  decide: (live: LiveRow) => Outcome,
  set: string,
  parameters: readonly unknown[] = [],
): Promise<Outcome> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<LiveRow>(
      `SELECT state, error FROM projections WHERE name = $1 AND version = $2 AND role = 'live' FOR UPDATE`,
      [name, version],
    );
    const [live] = rows;
    if (live === undefined) return no('not_live', `${name} version ${version} is not live yet.`);
    const outcome = decide(live);
    if (!outcome.ok) return outcome;
    await client.query(
      `UPDATE projections SET ${set}, updated_at = now() WHERE name = $1 AND version = $2 AND role = 'live'`,
      [name, version, ...parameters],
    );
    return outcome;
  });
}

/** Stops the feeding of the live copy until it is resumed, also over restarts. Its rows are served as they are. */
export const pause = (pool: pg.Pool, projection: Named, reason: string | undefined): Promise<Outcome> =>
  change(
    pool,
    projection,
    ({ state, error }) => {
      if (state === 'paused') return no('already_paused', `${projection.name} is paused already.`);
      if (state === 'failed' && error !== null)
        return no('stopped_at_event', `${projection.name} stands still at an event already, ${placeOf(error)}.`);
      return yes(`${projection.name} is paused.`);
    },
    // The fence rises: what is being written now is not.
    `state = 'paused', paused_reason = $3, fence = fence + 1, owner = NULL, lease_until = NULL, rate = 0`,
    [reason?.slice(0, MAX_REASON_CHARS) ?? null],
  );

/** Lets a paused copy, or one that stopped at an event, go on. */
export const resume = (pool: pg.Pool, projection: Named): Promise<Outcome> =>
  change(
    pool,
    projection,
    ({ state }) =>
      state === 'running'
        ? no('not_paused', `${projection.name} is neither paused nor failed.`)
        : yes(`${projection.name} goes on.`),
    `state = 'running', error = NULL, paused_reason = NULL`,
  );

/** Lets a copy that stopped at an event try it again. */
export const retry = (pool: pg.Pool, projection: Named): Promise<Outcome> =>
  change(
    pool,
    projection,
    ({ state }) =>
      state === 'failed'
        ? yes(`${projection.name} tries again.`)
        : no('not_failed', `${projection.name} has not stopped at an event.`),
    `state = 'running', error = NULL`,
  );

export interface SkipOrder {
  readonly position: bigint;
  readonly reason: string;
  readonly by: string;
}

/**
 * Leaves out the event at which copies of this version stand, for ever, and lets them go on. Who decided it and why stays in
 * `projection_skips`. Only the event at which one stands now: nothing is left out unseen.
 */
export async function skip(pool: pg.Pool, { name, version }: Named, order: SkipOrder): Promise<Outcome> {
  const reason = order.reason.trim();
  const by = order.by.trim();
  if (reason === '' || by === '') return no('reason_needed', 'Say why the event is left out, and who decided it.');
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ table_name: string; error: ProjectionFailure }>(
      `SELECT table_name, error FROM projections WHERE name = $1 AND version = $2 AND state = 'failed' AND error IS NOT NULL
       ORDER BY role = 'live' DESC FOR UPDATE`,
      [name, version],
    );
    const [first] = rows;
    if (first === undefined) return no('not_failed', `${name} has not stopped at an event.`);
    const standing = rows.filter(({ error }) => error.position === order.position.toString());
    const [one] = standing;
    if (one === undefined) {
      return first.error.position === null
        ? no('unreadable_event', `${name} stands at an event whose position is not known. Run "citizen verify".`)
        : no('other_event', `${name} stands at ${placeOf(first.error)}, not at ${order.position}.`);
    }
    await client.query(
      `INSERT INTO projection_skips (name, version, position, event_type, event_id, error, reason, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [
        ...[name, version, order.position.toString(), one.error.eventType, one.error.eventId ?? null],
        ...[JSON.stringify(one.error), reason.slice(0, MAX_REASON_CHARS), by.slice(0, MAX_REASON_CHARS)],
      ],
    );
    await client.query(
      `UPDATE projections SET state = 'running', error = NULL, updated_at = now() WHERE table_name = ANY($1)`,
      [standing.map(({ table_name: table }) => table)],
    );
    return yes(`${name} leaves out the ${one.error.eventType} at position ${order.position} and goes on.`);
  });
}

const DROP_ATTEMPTS = 20;

/** Ends the statements that hold a table which has no name any more: they are those of the work that was called off. */
const interrupt = (pool: pg.Pool, table: string): Promise<unknown> =>
  pool.query(
    `SELECT pg_cancel_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.relation = to_regclass($1) AND l.granted AND a.pid <> pg_backend_pid() AND a.usename = current_user
       AND a.datname = current_database() AND a.backend_type = 'client backend' AND a.state = 'active'`,
    [table],
  );

async function dropCalledOff(pool: pg.Pool, table: string): Promise<boolean> {
  for (let attempt = 1; attempt <= DROP_ATTEMPTS; attempt += 1) {
    await interrupt(pool, table);
    const dropped = await inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = '250ms'`);
      await client.query(`DROP TABLE IF EXISTS ${table}`);
    }).then(
      () => true,
      () => false,
    );
    if (dropped) return true;
  }
  return false;
}

/**
 * Calls off the rebuild (and the check) of a projection, in whatever process: its copy loses its name at once, so that it can
 * neither be written nor put live any more, and then its table.
 */
export async function cancelRebuild(pool: pg.Pool, { name }: Pick<Projection, 'name'>): Promise<Outcome> {
  const copies = await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, name);
    const { rows } = await client.query<{ table: string; what: string }>(
      `DELETE FROM projections WHERE name = $1 AND role IN ('building', 'verifying')
       RETURNING table_name AS table, CASE role WHEN 'building' THEN 'rebuild' ELSE 'check' END AS what`,
      [name],
    );
    return rows;
  }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === '55P03') return 'busy' as const;
    throw error;
  });
  if (copies === 'busy') return no('busy', `${name} is just being put live. Use roll-back to undo that.`);
  if (copies.length === 0) return no('no_rebuild', `Nothing of ${name} is being rebuilt or checked.`);
  const what = [...new Set(copies.map((copy) => copy.what))].join(' and the ');
  const [are, its] = copies.length > 1 ? ['are', 'their copies'] : ['is', 'its copy'];
  for (const { table } of copies) {
    if (!(await dropCalledOff(pool, table)))
      return yes(`The ${what} of ${name} ${are} called off. The table ${table} is dropped by the next one.`);
  }
  return yes(`The ${what} of ${name} ${are} called off, and ${its} dropped.`);
}
