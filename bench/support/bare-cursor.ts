import type pg from 'pg';

/** Reads every row of the log through a cursor and does nothing with it: what any rebuild is bounded by. Gives their number. */
export async function bareCursor(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  let rows = 0;
  try {
    await client.query('BEGIN');
    await client.query('DECLARE c NO SCROLL CURSOR FOR SELECT * FROM events ORDER BY position');
    for (;;) {
      const page = await client.query('FETCH 1000 FROM c');
      if (page.rows.length === 0) break;
      rows += page.rows.length;
    }
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  return rows;
}
