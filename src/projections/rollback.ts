import type { Outcome, RefusalCode } from './admin.js';
import { holding, LEASE_MS, type WorkDependencies } from './held-copies.js';
import { acquire, type Held } from './leases.js';
import { createLoader } from './loading.js';
import type { Projection } from './projection.js';
import { putLive } from './rebuild.js';

const no = (code: RefusalCode, message: string): Outcome => ({ ok: false, code, message });

/** Why the copy of before cannot be taken, or null when it may be. */
async function refusal({ pool, log }: WorkDependencies, projection: Projection): Promise<Outcome | null> {
  const { name, version, shape } = projection;
  const { rows } = await pool.query<{ role: string; log_id: string; shape: string; busy: boolean }>(
    `SELECT role, log_id, shape, coalesce(lease_until > now(), false) AS busy FROM projections
     WHERE name = $1 AND version = $2 AND role IN ('live', 'previous')`,
    [name, version],
  );
  const previous = rows.find(({ role }) => role === 'previous');
  if (!rows.some(({ role }) => role === 'live')) return no('not_live', `${name} version ${version} is not live yet.`);
  if (previous === undefined) return no('no_previous', `Of ${name} version ${version} nothing is kept to go back to.`);
  if (previous.busy) return no('busy', `Another process is at work on what is kept of ${name}.`);
  // Tables of one version have one form; should somebody have changed it by hand, it cannot serve.
  if (previous.log_id !== log.logId || previous.shape !== shape)
    return no('other_log', `What is kept of ${name} was made from another event log, or by other code.`);
  return null;
}

/**
 * Lets the live copy and the one that served before change places. The one of before was fed by nobody since: it is brought up
 * to the position of the live one first, so that readers never go back in time. To be killed at any instant, and run again.
 */
export async function rollBack(projection: Projection, deps: WorkDependencies): Promise<Outcome> {
  const { pool, log, owner, signal, batchEvents, maxLoadPercent = 100 } = deps;
  const { name, version } = projection;
  const refused = await refusal(deps, projection);
  if (refused !== null) return refused;
  const take = async (): Promise<Held | undefined> => {
    // It may have stopped at an event in an attempt before; what stopped it may have been mended.
    await pool.query(
      `UPDATE projections SET state = 'running', error = NULL WHERE name = $1 AND version = $2 AND role = 'previous'`,
      [name, version],
    );
    return acquire(pool, projection, 'previous', { owner, leaseMs: LEASE_MS });
  };
  const [copy] = await holding(
    { ...deps, maxLoadPercent, toLoad: false },
    [projection],
    take,
    async (copies, telling) => {
      const loader = createLoader({ pool, log, signal, batchEvents, maxLoadPercent, tell: telling.tell });
      for (const previous of copies) await putLive(previous, deps, loader, telling.tell);
    },
  );
  switch (copy?.ended?.kind) {
    case 'done':
      return { ok: true, message: `${name}: ${copy.lease.table} serves again. Roll back once more to undo it.` };
    case 'failed':
      return no('stopped_at_event', `${name} cannot catch up: ${copy.ended.failure.message}. Nothing was changed.`);
    case 'cancelled':
      return no('no_previous', `What was kept of ${name} has just been dropped.`);
    case 'taken':
    case undefined:
      return no('busy', `Another process is at work on what is kept of ${name}.`);
  }
}
