import type pg from 'pg';
import { projections } from '../../src/projections/read-models/index.js';
import { createPool } from '../../src/platform/postgres-pool.js';
import type { JobResult } from '../resume/driver/job.js';
import { median } from '../support/figures.js';
import { startWorld, type World } from '../resume/world/world.js';
import { compareIdle, type Beside } from './beside.js';
import { runBusy, waitsIn, type BusyRun, type Waits } from './busy.js';
import { saidOf, startChat, type Said } from './chat.js';
import type { KnownRows } from './known-rows.js';
import type { ProjectionsOptions } from './options.js';
import { prepareHistory } from './prepare.js';
import { startReader, type Reader, type ReaderReport } from './reader.js';
import { takeOvers } from './take-over.js';

const READ_EVERY_MS = 100;
/** Conversations of citizens that the reader follows. */
const WATCHED = 3;
const PROGRESS_EVENTS = 100_000;

export interface ProjectionsFigures {
  readonly options: ProjectionsOptions;
  readonly projections: number;
  readonly beside: Beside;
  readonly takeOverMs: readonly number[];
  readonly chat: { readonly without: Waits; readonly with: Waits };
  readonly busy: BusyRun;
  readonly reader: ReaderReport;
  readonly said: Said;
}

interface Stage {
  readonly options: ProjectionsOptions;
  readonly world: World;
  readonly pool: pg.Pool;
  readonly reader: Reader;
  readonly say: (what: string) => void;
}

/** Two servers, one of which is killed again and again; then only the first goes on. */
const killServers = async ({ options, world, pool, reader, say }: Stage) => {
  if (options.takeOvers === 0) return { takeOverMs: [], result: [] };
  say(`${options.takeOvers} times kill -9 of a server`);
  const chat = await startChat(world.bases, options);
  reader.watch(chat.names.slice(0, WATCHED));
  const takeOverMs = await takeOvers(world, pool, options.takeOvers);
  const result = await chat.stop();
  await world.stop(1, 'SIGTERM');
  return { takeOverMs, result: [result] };
};

const headOf = async (pool: pg.Pool): Promise<number> => {
  const { rows } = await pool.query<{ position: string }>('SELECT position::text FROM log_head');
  return Number(rows[0]?.position);
};

const rebuildBusy = async ({ options, world, pool, reader, say }: Stage, { ours }: Beside) => {
  const names = projections.map(({ name }) => name);
  const chat = await startChat(world.bases.slice(0, 1), options);
  reader.watch(chat.names.slice(0, WATCHED));
  const aloneMs = (1000 * ours.events) / median(ours.eventsPerSecond);
  const busy = await runBusy({ pool, env: world.env, names, aloneMs, head: () => headOf(pool), say }, options);
  return { busy, result: await chat.stop() };
};

const figuresOf = (result: JobResult, { without, with: during }: BusyRun): ProjectionsFigures['chat'] => ({
  without: waitsIn(result, without),
  with: waitsIn(result, during),
});

/**
 * The whole measurement, on a PostgreSQL and servers of its own.
 * @param say told what begins
 */
export const runProjections = async (
  options: ProjectionsOptions,
  say: (what: string) => void,
): Promise<ProjectionsFigures> => {
  const before: { known?: KnownRows; beside?: Beside } = {};
  const world = await startWorld(options.takeOvers === 0 ? 1 : 2, {}, async (env) => {
    say(`a history of ${options.events} events`);
    let told = 0;
    before.known = await prepareHistory(env, options.events, (events) => {
      if (events < told + PROGRESS_EVENTS) return;
      told = events;
      say(`  ${events} events`);
    });
    say('with nobody online: a bare cursor, a rebuild, Emmett');
    before.beside = await compareIdle(env, env['DATABASE_URL'] ?? '', options);
    say('the servers start');
  });
  const { known, beside } = before;
  const pool = createPool({
    ...{ address: { url: world.databaseUrl }, schema: 'citizen', max: 2, applicationName: 'bench' },
  });
  try {
    if (known === undefined || beside === undefined) throw new Error('nothing was prepared');
    const reader = await startReader({ databaseUrl: world.databaseUrl, known, everyMs: READ_EVERY_MS });
    const stage: Stage = { options, world, pool, reader, say };
    const first = await killServers(stage);
    const { busy, result } = await rebuildBusy(stage, beside);
    const report = await reader.stop();
    return {
      ...{ options, projections: projections.length, beside, busy, reader: report },
      takeOverMs: first.takeOverMs,
      chat: figuresOf(result, busy),
      said: saidOf([...first.result, result]),
    };
  } finally {
    await pool.end();
    await world.close();
  }
};
