import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { createPool } from '../../src/platform/postgres-pool.js';
import type { Projection } from '../../src/projections/projection.js';
import { projections } from '../../src/projections/read-models/index.js';
import { decodeRow } from '../../src/projections/row-store.js';
import { viewName } from '../../src/projections/sql.js';
import { quantile } from '../support/figures.js';
import type { FromReader, ReaderJob, ReaderReport, ToReader } from './reader.js';
import { createRowCheck, type Fault, type Reading } from './row-check.js';

// See reader.ts. Reads as any query of the program does: through the view, one statement, nothing tried again.

const FAULTS_KEPT = 20;

const tell = (message: FromReader): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

/** One statement sees one moment: the rows that the view shows, and where the copy stands that it shows. */
const statement = (projection: Projection): string => `
SELECT p.position::text AS live_position, p.table_name AS live_table, v.*
FROM projections p LEFT JOIN ${viewName(projection)} v ON v.${projection.key[0] ?? ''} = ANY($3::text[])
WHERE p.name = $1 AND p.version = $2 AND p.role = 'live'`;

interface Seen extends Reading {
  readonly table: string;
}

const readView = async (pool: pg.Pool, projection: Projection, ids: readonly string[]): Promise<Seen> => {
  const { name, version } = projection;
  const { rows } = await pool.query<Record<string, unknown>>(statement(projection), [name, version, ids]);
  const [live] = rows;
  if (live === undefined) throw new Error(`${name} has no live copy`);
  return {
    position: BigInt(live['live_position'] as string),
    table: live['live_table'] as string,
    rows: rows.filter((row) => row[projection.key[0] ?? ''] !== null).map((row) => decodeRow(projection, row)),
  };
};

const codeOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error ? String(error.code) : error.message) : 'unknown';

/** Polls all views in turn; gives what to do and what was seen. */
const createPolls = ({ databaseUrl, known }: ReaderJob) => {
  const pool = createPool({
    address: { url: databaseUrl },
    schema: 'citizen',
    max: 1,
    applicationName: 'bench-reader',
  });
  const views = projections.map((projection) => ({ projection, check: createRowCheck(projection, known), table: '' }));
  const times: number[] = [];
  const errors: Record<string, number> = {};
  const faults: Fault[] = [];
  let watched: readonly string[] = [];
  let [reads, swaps] = [0, 0];

  const poll = async (view: (typeof views)[number]): Promise<void> => {
    const sessions = watched;
    const from = performance.now();
    reads += 1;
    try {
      const seen = await readView(pool, view.projection, [...known.ids, ...sessions]);
      times.push(performance.now() - from);
      if (view.table !== '' && seen.table !== view.table) swaps += 1;
      view.table = seen.table;
      faults.push(...view.check.check(seen, sessions));
    } catch (error) {
      const code = codeOf(error);
      errors[code] = (errors[code] ?? 0) + 1;
    }
  };
  const count = (kind: Fault['kind']): number => faults.filter((fault) => fault.kind === kind).length;
  return {
    watch: (sessions: readonly string[]) => void (watched = sessions),
    async once(): Promise<void> {
      for (const view of views) await poll(view);
    },
    close: () => pool.end(),
    report: (): ReaderReport => ({
      ...{ reads, errors, swaps, wrong: count('wrong'), older: count('older') },
      faults: faults.slice(0, FAULTS_KEPT).map(({ kind, what }) => `${kind}: ${what}`),
      ...{ p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
      slowest: times.reduce((most, ms) => Math.max(most, ms), 0),
    }),
  };
};

let polls: ReturnType<typeof createPolls> | undefined;
let isOver = false as boolean;

const read = async (job: ReaderJob): Promise<void> => {
  const mine = createPolls(job);
  polls = mine;
  await mine.once();
  await tell({ type: 'reading' });
  while (!isOver) {
    await delay(job.everyMs);
    await mine.once();
  }
  await mine.close();
  await tell({ type: 'report', ...mine.report() });
  process.disconnect();
};

process.on('message', (message) => {
  const told = message as ToReader;
  switch (told.type) {
    case 'read':
      read(told.job).catch((error: unknown) => {
        console.error('A reader failed', error);
        process.exit(1);
      });
      return;
    case 'watch':
      polls?.watch(told.sessions);
      return;
    case 'stop':
      isOver = true;
  }
});
process.on('disconnect', () => process.exit(0));
