import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Migration } from '../platform/migrate.js';
import type { Lease, Leases } from './leases.js';

/**
 * Leases are a matter of the moment: the table is not logged and is empty after a crash of PostgreSQL, which costs nothing but
 * a turn thought twice. What keeps a second reply out is the log itself (`already_answered` and the exact revision).
 */
export const responderMigrations: readonly Migration[] = [
  {
    id: 'responder-001',
    sql: `
      CREATE SEQUENCE turn_lease_fence;
      CREATE UNLOGGED TABLE turn_leases (
        session_id  text PRIMARY KEY,
        owner       uuid NOT NULL,
        -- Higher with every holder, so that a late renewal or release of an earlier one finds nothing.
        fence       bigint NOT NULL,
        lease_until timestamptz NOT NULL
      ) WITH (fillfactor = 70);`,
  },
];

const acquireSql = `
  INSERT INTO turn_leases AS held (session_id, owner, fence, lease_until)
  VALUES ($1, $2, nextval('turn_lease_fence'), clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (session_id) DO UPDATE
    SET owner = excluded.owner, fence = excluded.fence, lease_until = excluded.lease_until
    WHERE held.lease_until < clock_timestamp() OR held.owner = excluded.owner
  RETURNING fence`;

const renewSql = `
  UPDATE turn_leases SET lease_until = clock_timestamp() + $4 * interval '1 millisecond'
  WHERE session_id = $1 AND owner = $2 AND fence = $3`;

const releaseSql = 'DELETE FROM turn_leases WHERE session_id = $1 AND owner = $2 AND fence = $3';

/**
 * Lets all leases go. Only for a process that knows itself to be the only one on this database (it owns DATA_DIR): what
 * a killed one of before held need not run out first.
 */
export const clearLeases = async (pool: pg.Pool): Promise<void> => {
  await pool.query('DELETE FROM turn_leases');
};

/**
 * Leases of sessions in PostgreSQL, by its clock alone: the clocks of the processes may differ.
 * @param durationMs how long a lease lasts without being renewed
 * @param owner names this process; default a random one
 */
export const createPostgresLeases = ({
  pool,
  durationMs,
  owner = randomUUID(),
}: {
  readonly pool: pg.Pool;
  readonly durationMs: number;
  readonly owner?: string;
}): Leases => {
  const leaseOf = (sessionId: string, fence: string): Lease => ({
    renew: async () => {
      const { rowCount } = await pool.query({
        name: 'turn-lease-renew',
        text: renewSql,
        values: [sessionId, owner, fence, durationMs],
      });
      return rowCount === 1;
    },
    release: async () => {
      await pool
        .query({ name: 'turn-lease-release', text: releaseSql, values: [sessionId, owner, fence] })
        .catch(() => undefined);
    },
  });
  return {
    durationMs,
    acquire: async (sessionId) => {
      const { rows } = await pool.query<{ fence: string }>({
        name: 'turn-lease-acquire',
        text: acquireSql,
        values: [sessionId, owner, durationMs],
      });
      const fence = rows[0]?.fence;
      return fence === undefined ? undefined : leaseOf(sessionId, fence);
    },
  };
};
