import type { Pool } from 'pg';
import type { Migration } from '../../platform/migrate.js';

export const reactorCheckpointMigrations: readonly Migration[] = [
  {
    id: 'reactors-001',
    sql: `
CREATE TABLE reactor_checkpoints (
  name     text   NOT NULL,
  log_id   uuid   NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  PRIMARY KEY (name, log_id)
);
COMMENT ON TABLE reactor_checkpoints IS 'How far each durable reactor has come, per log. Removing a row makes it handle everything again.';
`,
  },
];

/**
 * Checkpoints of durable reactors in PostgreSQL.
 * @param logId the log that the positions belong to; a restored or replaced log starts from 0
 */
export const createReactorCheckpoints = ({ pool, logId }: { readonly pool: Pool; readonly logId: string }) => ({
  load: async (name: string): Promise<bigint> => {
    const { rows } = await pool.query<{ position: string }>(
      'SELECT position FROM reactor_checkpoints WHERE name = $1 AND log_id = $2',
      [name, logId],
    );
    return BigInt(rows[0]?.position ?? 0);
  },
  save: async (name: string, position: bigint): Promise<void> => {
    await pool.query(
      `INSERT INTO reactor_checkpoints (name, log_id, position) VALUES ($1, $2, $3)
       ON CONFLICT (name, log_id) DO UPDATE SET position = GREATEST(reactor_checkpoints.position, EXCLUDED.position)`,
      [name, logId, position.toString()],
    );
  },
});
