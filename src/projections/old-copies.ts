import type pg from 'pg';
import type { Outcome } from './admin.js';
import { inTransaction, lockName } from './copies.js';
import type { Projection } from './projection.js';
import { viewName } from './sql.js';
import { patiently } from './swap.js';

// Copies that do not serve any more, or not for this version of the code.

type Named = Pick<Projection, 'name' | 'version'>;
interface OldCopy {
  readonly table_name: string;
  readonly version: number;
  readonly role: string;
}

async function dropTables(client: pg.PoolClient, name: string, copies: readonly OldCopy[]): Promise<void> {
  for (const { table_name: table, version, role } of copies) {
    // Its view shows the live copy of a version, and no other.
    if (role === 'live') await client.query(`DROP VIEW IF EXISTS ${viewName({ name, version })}`);
    await client.query(`DROP TABLE IF EXISTS ${table}`);
  }
}

/**
 * Copies of other versions that nobody has kept up to date for so long, once this version is live. A version goes as a whole
 * or not at all.
 */
async function forgetVersions(client: pg.PoolClient, { name, version }: Named, idleFor: string): Promise<OldCopy[]> {
  const { rows } = await client.query<OldCopy>(
    `DELETE FROM projections o USING projections l
     WHERE o.name = $1 AND o.version <> $2 AND l.name = $1 AND l.version = $2 AND l.role = 'live'
       AND NOT EXISTS (SELECT 1 FROM projections u WHERE u.name = o.name AND u.version = o.version
                       AND coalesce(u.lease_until, u.updated_at) >= now() - $3::interval)
     RETURNING o.table_name, o.version, o.role`,
    [name, version, idleFor],
  );
  // Live ones first: their views must be gone before the tables.
  return rows.sort((a, b) => Number(b.role === 'live') - Number(a.role === 'live'));
}

/** How long a copy of another version is kept after its last owner: old processes, or a roll-back, may still want it. */
const KEPT_AFTER_LAST_OWNER = '1 day';

/** Drops copies of other versions that nobody has kept up to date for a day, once this version is live. */
export async function dropOtherVersions(pool: pg.Pool, projection: Named): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    await lockName(client, projection.name);
    await dropTables(client, projection.name, await forgetVersions(client, projection, KEPT_AFTER_LAST_OWNER));
  });
}

/** Drops what is kept for a roll-back now, and every other version that no process keeps up to date. */
export async function dropOld(pool: pg.Pool, projection: Named): Promise<Outcome> {
  const { name, version } = projection;
  const dropped = await patiently(() =>
    inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = '1s'`);
      await lockName(client, name);
      const busy = await client.query(
        `SELECT 1 FROM projections WHERE name = $1 AND version = $2 AND role = 'previous' AND lease_until > now()`,
        [name, version],
      );
      if (busy.rowCount !== 0) return 'busy';
      const { rows } = await client.query<OldCopy>(
        `DELETE FROM projections WHERE name = $1 AND version = $2 AND role = 'previous' RETURNING table_name, version, role`,
        [name, version],
      );
      const others = await forgetVersions(client, projection, '0 s');
      await dropTables(client, name, [...rows, ...others]);
      return [...rows, ...others];
    }),
  );
  if (dropped === 'busy') return { ok: false, code: 'busy', message: `A roll-back of ${name} is under way.` };
  const what = dropped.map((copy) => copy.table_name).join(', ');
  return { ok: true, message: what === '' ? `${name}: nothing old was kept.` : `${name}: dropped ${what}.` };
}
