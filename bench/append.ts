import pg from 'pg';
import type { EventStore } from '../src/events/store.js';
import { startEmmett, type Emmett } from './support/emmett.js';
import { benchEvent, EVENTS_PER_STREAM, fill, newBenchStream, payload } from './support/events.js';
import { figure, inTurn, median } from './support/figures.js';
import { report, type Measurement } from './support/report.js';
import { startBenchServer, type BenchDatabase, type BenchServer } from './support/server.js';

// How fast the event store appends: beside Emmett, beside a bare INSERT, and in a small and a large log.

const ROUNDS = 7;
const ROUND_MS = 3_000;
const WRITERS = 50;
const SMALL_LOG = 10_000;
const LARGE_LOG = Number(process.env.BENCH_LARGE_LOG ?? 1_000_000);

/** Appends per second of so many writers, each to a stream of its own at an exact revision. */
async function ours(store: EventStore, writers: number): Promise<number> {
  let appends = 0;
  const started = performance.now();
  const write = async (stream: string): Promise<void> => {
    let revision = -1;
    for (; performance.now() < started + ROUND_MS; appends++) {
      const expected = revision === -1 ? 'noStream' : revision;
      revision = (await store.append(stream, [benchEvent()], { expected })).revision;
    }
  };
  await Promise.all(Array.from({ length: writers }, () => write(newBenchStream())));
  return (appends / (performance.now() - started)) * 1000;
}

async function besideEmmett(store: EventStore, emmett: Emmett, writers: number): Promise<[number[], number[]]> {
  await ours(store, writers); // warm
  await emmett.run(writers, ROUND_MS);
  const rates = await inTurn(ROUNDS, { ours: () => ours(store, writers), emmett: () => emmett.run(writers, ROUND_MS) });
  return [[...rates.ours], [...rates.emmett]];
}

const insert = `INSERT INTO bare (position, stream, revision, event_id, type, schema_version, payload, occurred_ms, recorded_ms,
  causation_id, correlation_id, actor_kind, actor_id, previous_hash, hash, log_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

/** Times of single operations, in ms: an append, and a bare INSERT of the same row into the same table with the same indexes. */
async function besideInsert({ pool, url, store }: BenchDatabase) {
  await pool.query('CREATE TABLE bare (LIKE events INCLUDING ALL)');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET search_path = citizen');
  const hash = Buffer.alloc(32, 1);
  const stream = newBenchStream();
  let position = 0;
  let revision = -1;
  const bare = async (): Promise<void> => {
    const { id, type } = benchEvent();
    const now = Date.now();
    position += 1;
    const values = [
      position,
      stream,
      position,
      id,
      type,
      1,
      payload,
      now,
      now,
      null,
      'bench',
      'citizen',
      null,
      hash,
      hash,
      hash,
    ];
    await client.query({ name: 'bare-insert', text: insert, values });
  };
  const append = async (): Promise<void> => {
    const expected = revision === -1 ? 'noStream' : revision;
    revision = (await store.append(stream, [benchEvent()], { expected })).revision;
  };
  const slice = (operation: () => Promise<void>) => async (): Promise<number> => {
    const started = performance.now();
    for (let count = 0; count < 50; count++) await operation();
    return 50_000 / (performance.now() - started);
  };
  try {
    await inTurn(20, { ours: slice(append), bare: slice(bare) }); // warm
    return await inTurn(150, { ours: slice(append), bare: slice(bare) });
  } finally {
    await client.end();
  }
}

/** Median time of one append, in ms, over conversations that begin, one event after another. */
async function timeOfAppend(store: EventStore): Promise<number> {
  const times: number[] = [];
  for (let conversation = 0; conversation < 20; conversation++) {
    const stream = newBenchStream();
    for (let revision = -1; revision < EVENTS_PER_STREAM - 1; revision++) {
      const expected = revision === -1 ? 'noStream' : revision;
      const started = performance.now();
      await store.append(stream, [benchEvent()], { expected });
      times.push(performance.now() - started);
    }
  }
  return median(times);
}

async function bySize(server: BenchServer): Promise<Measurement> {
  const small = await server.createDatabase('small');
  const large = await server.createDatabase('large');
  await fill(small.store, SMALL_LOG);
  for (let left = LARGE_LOG; left > 0; left -= 100_000) {
    console.log(`filling a log, ${left.toLocaleString('en')} events to go`);
    await fill(large.store, Math.min(left, 100_000));
  }
  for (const { pool } of [small, large]) await pool.query('VACUUM ANALYZE events');
  await small.pool.query('CHECKPOINT');
  const time = {
    small: () => timeOfAppend(small.store),
    large: () => timeOfAppend(large.store),
  };
  await inTurn(5, time); // warm
  const times = await inTurn(25, time);
  const value = median(times.large) / median(times.small);
  return {
    what: `time of one append with ${LARGE_LOG.toLocaleString('en')} events in the log`,
    unit: 'ms',
    ours: figure(times.large),
    peer: { name: `with ${SMALL_LOG.toLocaleString('en')}`, figure: figure(times.small) },
    ratio: { value, target: '≤ 1.2', met: value <= 1.2 },
  };
}

const beside = (
  what: string,
  name: string,
  mine: readonly number[],
  theirs: readonly number[],
  target?: number,
): Measurement => {
  const value = median(mine) / median(theirs);
  return {
    what,
    unit: 'appends/s',
    ours: figure(mine),
    peer: { name, figure: figure(theirs) },
    ratio: { value, target: target === undefined ? '' : `≥ ${target}`, met: target === undefined || value >= target },
  };
};

const server = await startBenchServer();
try {
  const database = await server.createDatabase('append');
  const peer = await server.createDatabase('emmett');
  const emmett = await startEmmett(peer.url);
  const [many, manyEmmett] = await besideEmmett(database.store, emmett, WRITERS);
  const [one, oneEmmett] = await besideEmmett(database.store, emmett, 1);
  await emmett.stop();
  const single = await besideInsert(await server.createDatabase('insert'));
  await report('append', database.pool, [
    beside(`${WRITERS} streams at once, one event each`, 'Emmett 0.42', many, manyEmmett, 10),
    beside('one at a time', 'Emmett 0.42', one, oneEmmett),
    beside('one at a time', 'bare INSERT', single.ours, single.bare, 0.8),
    await bySize(server),
  ]);
} finally {
  await server.stop();
}
