import type pg from 'pg';
import type { VerifyResult } from './admin.js';
import { lastEventOf } from './blame.js';
import { compareTables, shownRow, type Comparison } from './compare.js';
import { inTransaction, lockName } from './copies.js';
import { holding, type Copy, type WorkDependencies } from './held-copies.js';
import { livePosition } from './leases.js';
import { createLoader, type Loader } from './loading.js';
import type { Projection } from './projection.js';
import { comeClose, taker, unlessEnded } from './rebuild.js';
import { ensurePrimaryKey } from './row-store.js';
import { leavingOut } from './skips.js';
import { patiently } from './swap.js';

// The check of a live read model: a copy is built from the log, brought to the very position of the live one, and compared.

/** Nothing of this version is live. */
const notLive = (): Error => Object.assign(new Error('Nothing is live'), { code: 'not_live' as const });
const isNotLive = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'not_live';

/**
 * Brings the copy to exactly where the live one is, while the live one is held there for a moment, and lets `reader` see both
 * as of that moment. When it resolves, the live one goes on.
 */
async function meet(pool: pg.Pool, copy: Copy, { advance }: Loader, reader: pg.PoolClient) {
  const { name, version } = copy.projection;
  return inTransaction(pool, async (holder) => {
    await holder.query(`SET LOCAL lock_timeout = '1s'`);
    // Every write of the live copy moves its checkpoint: with this row held it stands still.
    const { rows } = await holder.query<{ position: string; table_name: string }>(
      `SELECT position::text, table_name FROM projections WHERE name = $1 AND version = $2 AND role = 'live' FOR UPDATE`,
      [name, version],
    );
    const [live] = rows;
    if (live === undefined) throw notLive();
    const position = BigInt(live.position);
    await advance([copy], position, 'compare');
    if (copy.ended !== undefined) throw new Error('The check was called off');
    // The first statement of the reader that sees data: what it sees, and the locks on both tables, stay until its end.
    await reader.query(
      `SELECT (SELECT 1 FROM ${live.table_name} LIMIT 1) AS a, (SELECT 1 FROM ${copy.lease.table} LIMIT 1) AS b`,
    );
    return { position, live: live.table_name };
  });
}

interface Compared extends Comparison {
  readonly position: bigint;
}

async function compareAtOnePosition(
  deps: Pick<WorkDependencies, 'pool' | 'signal'>,
  copy: Copy,
  loader: Loader,
): Promise<Compared> {
  const { pool, signal } = deps;
  const liveAt = async (): Promise<bigint> => {
    const position = await livePosition(pool, copy.projection);
    if (position === undefined) throw notLive();
    return position;
  };
  const reader = await pool.connect();
  try {
    const { position, live } = await patiently(async () => {
      await comeClose(copy, liveAt, loader);
      await reader.query('ROLLBACK');
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // While it waits for a lock the live copy waits for it.
      await reader.query(`SET LOCAL lock_timeout = '1s'`);
      return meet(pool, copy, loader, reader);
    }, signal);
    const comparison = await compareTables(reader, copy.projection, { live, rebuilt: copy.lease.table });
    return { ...comparison, position };
  } finally {
    const useless = await reader.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    reader.release(useless);
  }
}

/** Throws the copy away. One that somebody else has taken meanwhile is theirs. */
async function discard(pool: pg.Pool, { lease, projection }: Copy): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, projection.name);
    const gone = await client.query(`DELETE FROM projections WHERE table_name = $1 AND fence = $2`, [
      lease.table,
      lease.fence,
    ]);
    if (gone.rowCount === 1) await client.query(`DROP TABLE IF EXISTS ${lease.table}`);
  });
}

async function resultOf(
  projection: Projection,
  { position, rows, count, first }: Compared,
  log: Pick<WorkDependencies['log'], 'readPages'>,
  signal?: AbortSignal,
): Promise<VerifyResult> {
  if (first === undefined) return { outcome: 'same', position, rows };
  const { kind, columns, live, rebuilt } = first;
  const key = shownRow(
    Object.fromEntries(projection.key.map((name, i) => [name, first.key[i] ?? null])),
    projection.key,
  );
  const event = await lastEventOf(projection, first, log, position, signal);
  const shown = { live: live && shownRow(live, columns), rebuilt: rebuilt && shownRow(rebuilt, columns) };
  return { outcome: 'different', position, rows, count, first: { kind, key, columns, ...shown, event } };
}

/**
 * Compares the live copy of a projection with one that is built from the log for this purpose, row by row and at one position,
 * while both move on. The live one is held for the moment that the last events take, and not while rows are compared. Stopped
 * or killed, it leaves its copy for the next check to go on with.
 * @throws what the database or the log throws; an aborted `signal` throws its reason
 */
export async function verifyProjection(projection: Projection, deps: WorkDependencies): Promise<VerifyResult> {
  const { pool, log, signal, batchEvents, maxLoadPercent = 100 } = deps;
  const target = await livePosition(pool, projection);
  if (target === undefined) return { outcome: 'not_live' };
  const found: { compared?: Compared } = {};
  const take = taker(deps, 'verifying');
  const work = async (copies: readonly Copy[], tell: Parameters<typeof createLoader>[0]['tell']): Promise<void> => {
    const [copy] = copies;
    if (copy === undefined) return;
    const loader = createLoader({ pool, log, signal, batchEvents, maxLoadPercent, tell });
    await unlessEnded(pool, copy, async () => {
      // Never beyond the live one: it cannot be brought back.
      await loader.advance(copies, target, 'load');
      if (copy.ended !== undefined) return;
      const still = { head: target, eventsPerSecond: 0, etaSeconds: null };
      tell({ phase: 'index', position: copy.position, ...still });
      await ensurePrimaryKey(pool, projection, copy.lease.table);
      await pool.query(`ANALYZE ${copy.lease.table}`);
      tell({ phase: 'compare', position: copy.position, ...still });
      found.compared = await compareAtOnePosition(deps, copy, loader);
      copy.ended = { kind: 'done' };
    });
    await discard(pool, copy);
  };
  let held: readonly Copy[];
  try {
    held = await holding({ ...deps, maxLoadPercent, toLoad: true }, [projection], take, (copies, { tell }) =>
      work(copies, tell),
    );
  } catch (error) {
    if (isNotLive(error)) return { outcome: 'not_live' };
    throw error;
  }
  const [copy] = held;
  if (copy?.ended?.kind === 'failed') return { outcome: 'failed', failure: copy.ended.failure };
  if (copy?.ended?.kind === 'cancelled') return { outcome: 'cancelled' };
  if (copy === undefined || found.compared === undefined) return { outcome: 'busy' };
  return resultOf(projection, found.compared, leavingOut(log, copy.leftOut), signal);
}
