import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import { readConnectionString } from '../src/events/eventstoredb/connection-string.js';
import { createEventStoreDbStore } from '../src/events/eventstoredb/event-store.js';
import type { EventStore } from '../src/events/store.js';
import { startDouble, type Double } from '../test/support/eventstoredb-double/index.js';
import { benchEvent, fill, newBenchStream, payload } from './support/events.js';
import { figure, inTurn } from './support/figures.js';
import { keep } from './support/report.js';

// The adapter for EventStoreDB beside the bare client: appends and catch-up against the server that EVENTSTORE_URL names, or against
// the double (a process of its own; it has no disk, so these figures speak of the clients, not of a database). Then, against the
// double, how long an append and a live event take after each fault is over.

const ROUNDS = 3;
const WRITERS = [1, 16, 64];
const APPEND_MS = 3_000;
const CATCH_UP_EVENTS = 10_000;
const prefix = `bench_${Date.now().toString(36)}.`;

const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const open = (url: string): Promise<EventStore> =>
  createEventStoreDbStore({
    address: readConnectionString(url),
    logger: quiet,
    settings: { streamPrefix: prefix, timeoutMs: 30_000, readPageEvents: 1_000, appendsInFlight: 256 },
  });

/** Appends per second of so many writers, each with streams of its own. */
const appendsPerSecond = async (writers: number, append: () => Promise<unknown>): Promise<number> => {
  const until = performance.now() + APPEND_MS;
  const from = performance.now();
  let done = 0;
  const write = async (): Promise<void> => {
    for (; performance.now() < until; done++) await append();
  };
  await Promise.all(Array.from({ length: writers }, write));
  return (done * 1_000) / (performance.now() - from);
};

const perSecond = async (events: number, work: () => Promise<void>): Promise<number> => {
  const from = performance.now();
  await work();
  return (events * 1_000) / (performance.now() - from);
};

const bareCatchUp = async (client: EventStoreDBClient, events: number): Promise<void> => {
  let left = events;
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: [prefix] }) });
  for await (const _event of subscription) if (--left === 0) break;
  await subscription.unsubscribe();
};
const ownCatchUp = async (store: EventStore, events: number): Promise<void> => {
  let left = events;
  for await (const { events: page } of store.readPages()) left -= page.length;
  if (left > 0) throw new Error(`${left} events are missing`);
};

const besideTheClient = async (url: string): Promise<object[]> => {
  const store = await open(url);
  const client = EventStoreDBClient.connectionString(readConnectionString(url).connectionString);
  const event = () => jsonEvent({ type: 'UserMessageReceived', data: JSON.parse(payload) as Record<string, unknown> });
  const rows: object[] = [];
  for (const writers of WRITERS) {
    const found = await inTurn(ROUNDS, {
      adapter: () =>
        appendsPerSecond(writers, () => store.append(newBenchStream(), [benchEvent()], { expected: 'noStream' })),
      client: () =>
        appendsPerSecond(writers, () =>
          client.appendToStream(`other_${prefix}${newBenchStream()}`, event(), { expectedRevision: 'no_stream' }),
        ),
    });
    rows.push({ what: `appends/s, ${writers} writers`, adapter: figure(found.adapter), client: figure(found.client) });
  }
  await fill(store, CATCH_UP_EVENTS);
  let all = 0;
  for await (const { events } of store.readPages()) all += events.length;
  const found = await inTurn(ROUNDS, {
    adapter: () => perSecond(all, () => ownCatchUp(store, all)),
    client: () => perSecond(all, () => bareCatchUp(client, all)),
  });
  rows.push({ what: `catch-up events/s, ${all} events`, adapter: figure(found.adapter), client: figure(found.client) });
  await client.dispose();
  await store.close();
  return rows;
};

/** Milliseconds from the end of a fault until an append is through and a subscriber has it. */
const recovery = async (fault: (double: Double) => Promise<void>): Promise<number> => {
  const double = await startDouble();
  const store = await open(double.url);
  const stop = new AbortController();
  let seen: (id: string) => void = () => undefined;
  const following = (async () => {
    for await (const message of store.subscribe({ to: 'all', after: 'end', signal: stop.signal })) {
      if (message.kind === 'event') seen(message.event.id);
      else seen('caught-up');
    }
  })();
  await new Promise<void>((resolve) => (seen = () => resolve()));
  await fault(double);
  const from = performance.now();
  const event = benchEvent();
  const arrived = new Promise<void>(
    (resolve) =>
      (seen = (id) => {
        if (id === event.id) resolve();
      }),
  );
  await store.append(newBenchStream(), [event], { expected: 'noStream' });
  await arrived;
  const ms = performance.now() - from;
  stop.abort();
  await following;
  await store.close();
  await double.stop();
  return ms;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const faults: Readonly<Record<string, (double: Double) => Promise<void>>> = {
  'no fault': () => Promise.resolve(),
  'connection broken': async (double) => {
    double.wire.shake();
    await Promise.resolve();
  },
  'node away for 2 s': async ({ wire }) => {
    await wire.cut();
    await pause(2_000);
    await wire.mend();
  },
  'node frozen for 5 s': async ({ wire }) => {
    wire.freeze();
    await pause(5_000);
    wire.thaw();
  },
  'answer lost': async (double) => {
    double.faults.loseAnswers(1);
    await Promise.resolve();
  },
  'too busy, 5 times': async (double) => {
    double.faults.overload(5);
    await Promise.resolve();
  },
};

const given = process.env['EVENTSTORE_URL'];
const child =
  given === undefined
    ? fork(fileURLToPath(new URL('../test/support/eventstoredb-double/main.js', import.meta.url)), {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      })
    : undefined;
const url =
  given ??
  (await new Promise<string>((resolve) =>
    child?.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())),
  ));
const rows = await besideTheClient(url);
child?.kill('SIGTERM');
const recoveries: Record<string, unknown> = {};
for (const [name, fault] of Object.entries(faults)) {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round++) values.push(await recovery(fault));
  recoveries[name] = figure(values);
}
console.log(
  `\n${given === undefined ? 'Against the double' : 'Against the server of EVENTSTORE_URL'}, median of ${ROUNDS} rounds\n`,
);
console.log('| what | adapter | bare client | ratio |\n|---|---|---|---|');
for (const row of rows as { what: string; adapter: { median: number }; client: { median: number } }[]) {
  const { what, adapter, client } = row;
  const ratio = (adapter.median / client.median).toFixed(2);
  console.log(`| ${what} | ${Math.round(adapter.median)} | ${Math.round(client.median)} | ${ratio} |`);
}
console.log('\n| fault (double) | ms until an append is through and seen |\n|---|---|');
for (const [name, found] of Object.entries(recoveries)) {
  console.log(`| ${name} | ${Math.round((found as { median: number }).median)} |`);
}
keep('eventstoredb', { against: given === undefined ? 'double' : 'server', rows, recoveries });
process.exit(0);
