import type pg from 'pg';
import { appendDirectly } from './append-directly.js';
import type { Chance } from './chance.js';
import type { StoreDatabase } from './postgres-store.js';

/** What makes other designs skip or reorder events; each runs until it is told to stop. */
export interface Disturbance {
  readonly stop: () => Promise<void>;
  /** Ids of events that these transactions committed themselves. */
  readonly committed: readonly string[];
}

/**
 * Transactions that append and then linger, some committed and some rolled back; transactions that only hold the lock;
 * long open ones that write elsewhere; and killed connections of the writers.
 */
export function disturb(database: StoreDatabase, chance: Chance): Disturbance {
  let stopped = false;
  const committed: string[] = [];
  const linger = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, chance.whole(ms)));
  const pool = database.createPool({ max: 6, applicationName: 'disturber' });
  const inTransaction = async (body: (client: pg.PoolClient) => Promise<boolean>): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const keep = await body(client);
      await client.query(keep ? 'COMMIT' : 'ROLLBACK');
    } finally {
      client.release();
    }
  };

  const appendAndLinger = async (): Promise<void> => {
    const ids: string[] = [];
    const keep = chance.whole(2) === 0;
    await inTransaction(async (client) => {
      for (let count = 1 + chance.whole(3); count > 0; count--) {
        const id = chance.uuid();
        ids.push(id);
        await client.query(appendDirectly, [`stream-${chance.whole(6)}`, id]);
      }
      await linger(15);
      return keep;
    });
    if (keep) committed.push(...ids);
  };
  const holdTheLock = (): Promise<void> =>
    inTransaction(async (client) => {
      await client.query('SELECT * FROM log_head FOR UPDATE');
      await linger(20);
      return chance.whole(2) === 0;
    });
  const writeElsewhere = (): Promise<void> =>
    inTransaction(async (client) => {
      await client.query('CREATE TEMP TABLE elsewhere (n integer) ON COMMIT DROP');
      await linger(300);
      return true;
    });
  const killAWriter = async (): Promise<void> => {
    await linger(400);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'writer%' ORDER BY random() LIMIT 1`,
    );
  };
  const keepDoing = async (act: () => Promise<void>, pauseMs: number): Promise<void> => {
    while (!stopped) {
      await act();
      await linger(pauseMs);
    }
  };
  const running = Promise.all([
    keepDoing(appendAndLinger, 10),
    keepDoing(appendAndLinger, 30),
    keepDoing(holdTheLock, 40),
    keepDoing(writeElsewhere, 5),
    keepDoing(killAWriter, 50),
  ]);
  running.catch(() => undefined);
  return {
    committed,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
