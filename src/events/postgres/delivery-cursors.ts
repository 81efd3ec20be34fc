import type { Pool } from 'pg';
import type { Migration } from '../../platform/migrate.js';
import type { DeliveryCursors } from '../delivery-cursors.js';

export const deliveryCursorMigrations: readonly Migration[] = [
  {
    id: 'delivery-001',
    sql: `
CREATE TABLE delivery_cursors (
  session_id text PRIMARY KEY,
  revision   integer NOT NULL CHECK (revision >= 0)
);
COMMENT ON TABLE delivery_cursors IS 'Up to which event a classic client surely has what was said to it. Removing a row repeats messages to it, nothing worse.';
`,
  },
  {
    id: 'delivery-002',
    sql: `
CREATE TABLE read_marks (
  session_id text PRIMARY KEY,
  revision   integer NOT NULL CHECK (revision >= 0)
);
COMMENT ON TABLE read_marks IS 'Up to which event the citizen has said to have read (frame read of leoma.chat.v1). Not a fact of the case: a row may be lost.';
`,
  },
];

type Table = 'delivery_cursors' | 'read_marks';

/** Time in which cursors that move are gathered for one statement. */
const GATHER_MS = 200;

interface Options {
  readonly pool: Pool;
  /** Told when a write failed; it is tried again with the next one. */
  readonly onError: (error: unknown) => void;
}

/** Delivery cursors in PostgreSQL. A crash loses at most the last 200 ms of them: then the client gets a message twice. */
export const createDeliveryCursors = (options: Options): DeliveryCursors => createCursors('delivery_cursors', options);

/** How far citizens have read, kept in the same way. */
export const createReadMarks = (options: Options): DeliveryCursors => createCursors('read_marks', options);

const createCursors = (table: Table, { pool, onError }: Options): DeliveryCursors => {
  let waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  const note = (sessionId: string, revision: number): void => {
    waiting.set(sessionId, Math.max(revision, waiting.get(sessionId) ?? -1));
    if (!closed) timer ??= setTimeout(() => void flush(), GATHER_MS);
  };

  const write = async (): Promise<void> => {
    const batch = waiting;
    if (batch.size === 0) return;
    waiting = new Map();
    try {
      await pool.query(
        `INSERT INTO ${table} (session_id, revision)
         SELECT * FROM unnest($1::text[], $2::integer[]) AS moved (session_id, revision) ORDER BY session_id
         ON CONFLICT (session_id) DO UPDATE SET revision = EXCLUDED.revision
         WHERE ${table}.revision < EXCLUDED.revision`,
        [[...batch.keys()], [...batch.values()]],
      );
    } catch (error) {
      onError(error);
      for (const [sessionId, revision] of batch) note(sessionId, revision);
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };

  return {
    load: async (sessionId) => {
      const { rows } = await pool.query<{ revision: number }>(`SELECT revision FROM ${table} WHERE session_id = $1`, [
        sessionId,
      ]);
      return Math.max(rows[0]?.revision ?? -1, waiting.get(sessionId) ?? -1);
    },
    save: note,
    flush,
    close: async () => {
      closed = true;
      await flush();
    },
  };
};
