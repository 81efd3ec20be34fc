import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createConnection } from '../../../src/events/eventstoredb/connection.js';
import { readConnectionString } from '../../../src/events/eventstoredb/connection-string.js';
import { createHeadReader } from '../../../src/events/eventstoredb/head.js';
import { createLiveTail } from '../../../src/events/eventstoredb/live-tail.js';
import type { EventStore, RecordedEvent } from '../../../src/events/store.js';
import {
  collect,
  errorOf,
  idsOf,
  isCaughtUp,
  newEvents,
  newStream,
  startSubscriber,
} from '../../contract/event-store/support.js';
import { startDouble } from '../../support/eventstoredb-double/index.js';
import { doubleForEachTest, recordingLogger } from './support.js';

const here = doubleForEachTest();
const foreign = () => ({
  ...{ id: crypto.randomUUID(), type: 'Foreign', contentType: 'application/json' },
  ...{ data: Buffer.from('{}'), metadata: Buffer.alloc(0) },
});
/** An append that nobody answers makes the adapter take a new client in place of the silent one. */
const replaceClient = async (store: EventStore): Promise<void> => {
  here.double.faults.holdAnswers(100_000);
  await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  here.double.faults.release();
};

describe('a client that is replaced because it was silent', () => {
  it('does not cut short a stream that is being read', async () => {
    const stream = newStream();
    const events = newEvents(130);
    await (await here.open()).append(stream, events, { expected: 'noStream' });
    const store = await here.open({ timeoutMs: 600 });
    const reading = store.readStream(stream)[Symbol.asyncIterator]();
    const read = [(await reading.next()).value as RecordedEvent];
    await replaceClient(store);
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) read.push(next.value);
    expect(idsOf(read)).toEqual(idsOf(events));
  });
  it('does not make the log look empty to who asks for its end', async () => {
    await (await here.open()).append(newStream(), newEvents(3), { expected: 'noStream' });
    const store = await here.open({ timeoutMs: 2_000 });
    here.double.faults.stallReads(0);
    const head = store.head();
    here.double.faults.holdAnswers(100_000);
    const append = errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
    await vi.waitUntil(() => here.said.some(({ message }) => message.startsWith('A new connection')), {
      timeout: 60_000,
    });
    here.double.faults.stallReads(undefined);
    expect((await head).position).toBeGreaterThan(0n);
    here.double.faults.release();
    await append;
  });
});

describe('a read that fails', () => {
  it('goes on when the connection broke while its consumer was at work for longer than the time-out', async () => {
    const store = await here.open({ timeoutMs: 300 });
    const stream = newStream();
    const events = newEvents(130);
    await store.append(stream, events, { expected: 'noStream' });
    for (const source of [store.readStream(stream), store.readAll()]) {
      const read: RecordedEvent[] = [];
      for await (const event of source) {
        if (event.stream === stream) read.push(event);
        if (read.length !== 3) continue;
        await delay(500); // the consumer's work, longer than the time-out
        here.double.wire.shake();
      }
      expect(idsOf(read)).toEqual(idsOf(events));
    }
  });
  it('is given up when the server takes it each time and then breaks it', async () => {
    const store = await here.open({ timeoutMs: 300 });
    await store.append(newStream(), newEvents(3), { expected: 'noStream' });
    here.double.faults.cutReads(1_000_000, 0, 'error', 'subscriptions');
    expect(await errorOf(collect(store.readAll()))).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    here.double.faults.cutReads(0, 0, 'error');
  });
  it('is told in the log, also when a subscription never gives up', async () => {
    const store = await here.open();
    const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
    await subscriber.until(isCaughtUp);
    await here.double.wire.cut();
    await vi.waitUntil(() => here.said.some(({ message }) => message.startsWith('A read of the event store failed')));
    await here.double.wire.mend();
    await subscriber.stop();
  });
  it('from a place that the server does not know says so, in the port’s own error', async () => {
    const store = await here.open();
    await store.append(newStream(), newEvents(3), { expected: 'noStream' });
    const error = await errorOf(collect(store.readAll({ after: 5n })));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    expect((error as Error).message).toContain('restored');
  });
  it('after the store was closed fails at once and opens no connection', async () => {
    const store = await here.open();
    await store.close();
    expect(await errorOf(collect(store.readStream(newStream())))).toMatchObject({ code: 'store_unavailable' });
    expect(await errorOf(store.head())).toMatchObject({ code: 'store_unavailable' });
    expect(here.double.openReads()).toBe(0);
  });
});

it('a server that gives no positions is refused as too old', async () => {
  await (await here.open()).append(newStream(), newEvents(1), { expected: 'noStream' });
  here.double.faults.beOld();
  expect(await errorOf(here.open())).toMatchObject({ name: 'StartupError', code: 'event_store_too_old' });
});
it('a user without the right to read is told so at the start', async () => {
  here.double.faults.deny('reads');
  expect(await errorOf(here.open())).toMatchObject({ name: 'StartupError', code: 'event_store_refused' });
});
it('the end of the log is not looked for again among what others wrote before', async () => {
  const store = await here.open();
  for (let round = 0; round < 3_000; round++) here.double.server.append('shop.order', 'any', [foreign()]);
  const first = await store.head();
  const before = here.double.sent();
  for (let round = 0; round < 20; round++) expect(await store.head()).toEqual(first);
  // One event each, which was seen before; a little more may be on its way when that is noticed.
  expect(here.double.sent() - before).toBeLessThan(100);
  await store.append(newStream(), newEvents(1), { expected: 'noStream' });
  expect((await store.head()).position).toBeGreaterThan(first.position);
});
it('the end of the log says how far positions go, with those of others', async () => {
  const store = await here.open();
  for (let round = 0; round < 5; round++) here.double.server.append('shop.order', 'any', [foreign()]);
  const { position, end } = await store.head();
  expect(end).toBe(here.double.server.all.at(-1)!.position);
  expect(end).toBeGreaterThan(position);
});
it('a live subscription that fell silent is missed also by a process that writes nothing', async () => {
  const logger = recordingLogger(here.said);
  const connection = createConnection(readConnectionString(here.double.url).connectionString, logger);
  const reading = { connection, prefix: 'citizen.', pageEvents: 50, timeoutMs: 2_000, logger };
  const closing = new AbortController();
  const look = createHeadReader(reading);
  const live = createLiveTail({
    ...{ reading, logger, signal: closing.signal, askAfterMs: 30, deafAfterMs: 30 },
    head: async () => (await look()).head,
    check: () => Promise.resolve(),
  });
  const writer = await here.open();
  await live.start(closing.signal);
  here.double.faults.stallReads(0, 'subscriptions');
  await writer.append(newStream(), newEvents(1), { expected: 'noStream' });
  await vi.waitUntil(() => here.said.some(({ message }) => message.includes('is silent')));
  here.double.faults.stallReads(undefined);
  const { position } = await writer.head();
  await live.tail.beyond(position - 1n, closing.signal);
  expect(live.tail.head).toBeGreaterThanOrEqual(position);
  closing.abort();
  await live.stopped();
  await connection.close();
});
it('a node that is lost while another is looked for in vain does not end the process', async () => {
  const leader = await startDouble(here.double.server);
  const cluster = `esdb://127.0.0.1:${here.double.port},127.0.0.1:${here.double.port}?tls=false&maxDiscoverAttempts=30&discoveryInterval=10`;
  const store = await here.open({ timeoutMs: 8_000 }, cluster);
  const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
  await subscriber.until(isCaughtUp);
  // From here on appends go to the one node, while the subscription stays with the other.
  here.double.faults.notLeader(1, leader.port);
  await store.append(newStream(), newEvents(1), { expected: 'noStream' });
  await vi.waitUntil(() => leader.appends() > 0);
  here.double.faults.failDiscovery(1_000_000);
  await leader.wire.cut();
  const events = newEvents(2);
  const appended = store.append(newStream(), events, { expected: 'noStream' });
  await vi.waitUntil(() => here.double.undiscovered() < 1_000_000);
  here.double.wire.shake();
  await vi.waitUntil(() => here.double.undiscovered() < 999_900, { timeout: 60_000 });
  here.double.faults.failDiscovery(0);
  expect(await appended).toMatchObject({ revision: 1 });
  await subscriber.until((now) => idsOf(now.events).includes(events[1]!.id));
  await subscriber.stop();
  await leader.stop();
});
it('pages are read one ahead of their consumer', async () => {
  const store = await here.open();
  const stream = newStream();
  await store.append(stream, newEvents(200), { expected: 'noStream' });
  const pages = store.readPages({ pageSize: 50 })[Symbol.asyncIterator]();
  const before = here.double.sent();
  await pages.next();
  // More than the first page comes without being asked for.
  await vi.waitUntil(() => here.double.sent() - before >= 100);
  const rest = [];
  for (let next = await pages.next(); next.done !== true; next = await pages.next()) rest.push(...next.value.events);
  expect(rest.length).toBe(151);
});
