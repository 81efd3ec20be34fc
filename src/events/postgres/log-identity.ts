import type { Pool } from 'pg';

/** How many connections servers (or other tools) have open to this database, beside those of this process. */
export const otherConnections = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query<{ count: string }>(
    `SELECT count(*)::text AS count FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'citizen%' AND split_part(application_name, ' ', 2) <> $1`,
    [String(process.pid)],
  );
  return Number(rows[0]?.count ?? 0);
};

/**
 * Gives the log another id, and so all positions another epoch: clients that come back are told everything anew. For a log that
 * was restored from a back-up. Nobody may have the log open meanwhile.
 */
export const renewLogId = async (pool: Pool): Promise<void> => {
  await pool.query('UPDATE log_head SET log_id = gen_random_uuid()');
};
