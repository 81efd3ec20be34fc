import pg from 'pg';
import type { EventStore } from '../src/events/store.js';
import { fill } from './support/events.js';
import { figure, inTurn, median } from './support/figures.js';
import { report } from './support/report.js';
import { startBenchServer } from './support/server.js';

// How fast a new subscription catches up with the log, beside a bare cursor over the same rows.

const ROUNDS = 9;
const EVENTS = Number(process.env.BENCH_CATCH_UP_EVENTS ?? 200_000);
const PAGE = 1_000;

/** Gives events per second. */
async function rate(read: () => Promise<number>): Promise<number> {
  const started = performance.now();
  const events = await read();
  if (events !== EVENTS) throw new Error(`Read ${events} of ${EVENTS} events`);
  return (events / (performance.now() - started)) * 1000;
}

async function subscription(store: EventStore): Promise<number> {
  const { signal } = new AbortController();
  let events = 0;
  for await (const message of store.subscribe({ to: 'all', after: 0n, signal })) {
    if (message.kind === 'caught-up') break;
    if (message.kind === 'event') events += 1;
  }
  return events;
}

async function reading(store: EventStore): Promise<number> {
  let events = 0;
  for await (const _event of store.readAll()) events += 1;
  return events;
}

async function cursor(client: pg.Client): Promise<number> {
  await client.query('BEGIN');
  await client.query('DECLARE bare NO SCROLL CURSOR FOR SELECT * FROM events ORDER BY position');
  let events = 0;
  for (let rows = PAGE; rows === PAGE; events += rows) {
    rows = (await client.query(`FETCH ${PAGE} FROM bare`)).rows.length;
  }
  await client.query('COMMIT');
  return events;
}

const server = await startBenchServer();
try {
  const { store, pool, url } = await server.createDatabase('catch_up');
  await fill(store, EVENTS);
  await pool.query('VACUUM ANALYZE events');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('SET search_path = citizen');
  const runs = {
    cursor: () => rate(() => cursor(client)),
    subscription: () => rate(() => subscription(store)),
    reading: () => rate(() => reading(store)),
  };
  await inTurn(1, runs); // warm
  const rates = await inTurn(ROUNDS, runs);
  await client.end();
  const peer = { name: 'bare cursor', figure: figure(rates.cursor) };
  const line = (what: string, mine: readonly number[]) => {
    const value = median(mine) / median(rates.cursor);
    return { what, unit: 'events/s', ours: figure(mine), peer, ratio: { value, target: '≥ 0.5', met: value >= 0.5 } };
  };
  await report('catch-up', pool, [
    line('catch-up subscription', rates.subscription),
    line('reading the whole log', rates.reading),
  ]);
} finally {
  await server.stop();
}
