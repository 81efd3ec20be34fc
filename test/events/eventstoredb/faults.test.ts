import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { beforeEach, expect, it, vi } from 'vitest';
import type { EventStore } from '../../../src/events/store.js';
import { verifyLog } from '../../../src/events/verify.js';
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
import { doubleForEachTest } from './support.js';

const here = doubleForEachTest();
let store: EventStore;
beforeEach(async () => void (store = await here.open()));
const foreign = (type: string, data: object = {}) => ({
  id: crypto.randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data)),
  metadata: Buffer.alloc(0),
});

it('an answer that comes twice is heard once', async () => {
  here.double.faults.doubleAnswers(2);
  const stream = newStream();
  await store.append(stream, newEvents(2), { expected: 'noStream' });
  expect(await store.append(stream, newEvents(1), { expected: 1 })).toMatchObject({ revision: 2, duplicate: false });
});
it('a server that is too busy is asked again', async () => {
  here.double.faults.overload(4);
  const stream = newStream();
  expect(await store.append(stream, newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
  here.double.faults.overload(2);
  expect(await collect(store.readStream(stream))).toHaveLength(2);
});
it('after a wrong revision that was not so, the stream is read and the append decided anew', async () => {
  here.double.faults.lieAboutRevision(2);
  const stream = newStream();
  expect(await store.append(stream, newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
  expect(await collect(store.readStream(stream))).toHaveLength(2);
});
it('a node that no longer leads sends reads and appends to the one that does', async () => {
  const leader = await startDouble(here.double.server);
  here.double.faults.notLeader(1_000, leader.port);
  const stream = newStream();
  expect(await store.append(stream, newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
  expect(await collect(store.readStream(stream))).toHaveLength(2);
  expect(leader.appends()).toBeGreaterThan(0);
  await leader.stop();
});
it.each(['error', 'end'] as const)('a read that is cut in its middle by an %s goes on where it was', async (how) => {
  const stream = newStream();
  const events = newEvents(130);
  await store.append(stream, events, { expected: 'noStream' });
  here.double.faults.cutReads(3, 11, how);
  // A page that ends early looks like the end of the stream: only an error shows, so the ends are the server's to tell.
  const read = await collect(store.readStream(stream));
  expect(idsOf(read)).toEqual(how === 'error' ? idsOf(events) : idsOf(events).slice(0, read.length));
  here.double.faults.cutReads(4, 17, how);
  const all = await collect(store.readAll());
  expect(idsOf(all.filter((event) => event.stream === stream))).toEqual(idsOf(events));
});
it('what others keep on the same server does not show', async () => {
  for (let round = 0; round < 200; round++) {
    here.double.server.append('$stats-node', 'any', [foreign('$statsCollected')]);
    here.double.server.append('shop.order-1', 'any', [foreign('AgentReplied')]);
  }
  expect(await collect(store.readAll())).toHaveLength(1); // the name of the log
  const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
  await subscriber.until(isCaughtUp);
  here.double.server.append('shop.order-2', 'any', [foreign('AgentReplied')]);
  const events = newEvents(2);
  await store.append(newStream(), events, { expected: 'noStream' });
  await subscriber.until((now) => now.events.length === 2);
  expect(idsOf(subscriber.events)).toEqual(idsOf(events));
  await subscriber.stop();
});
it('events and links that others put into our streams keep their place, are nobody’s, and are named by verify', async () => {
  const stream = newStream();
  await store.append(stream, newEvents(1), { expected: 'noStream' });
  here.double.server.append(`citizen.${stream}`, 'any', [foreign('AgentReplied'), foreign('$>', { link: '0@other' })]);
  const events = await collect(store.readStream(stream));
  expect(events.map(({ revision, type }) => [revision, type])).toEqual([
    [0, 'SomethingHappened'],
    [1, 'AgentReplied'],
    [2, '$>'],
  ]);
  // A version that no program knows: the codec reads it as `Unknown`.
  expect(events[1]).toMatchObject({ schemaVersion: 32_767 });
  expect(await store.append(stream, newEvents(1), { expected: 2 })).toMatchObject({ revision: 3 });
  expect(await verifyLog(store)).toMatchObject({ ok: false, problem: { kind: 'changed', stream, revision: 1 } });
});
it('a truncated stream is read from where it begins, and appended to', async () => {
  const stream = newStream();
  await store.append(stream, newEvents(5), { expected: 'noStream' });
  here.double.server.truncate(`citizen.${stream}`, 3);
  expect((await collect(store.readStream(stream))).map(({ revision }) => revision)).toEqual([3, 4]);
  const other = await here.open();
  expect(await other.append(stream, newEvents(1), { expected: 4 })).toMatchObject({ revision: 5 });
});
it('a deleted stream reads as none; written again, the break in its chain is told', async () => {
  const stream = newStream();
  await store.append(stream, newEvents(3), { expected: 'noStream' });
  here.double.server.softDelete(`citizen.${stream}`);
  expect(await collect(store.readStream(stream))).toEqual([]);
  const other = await here.open();
  expect(await other.append(stream, newEvents(1), { expected: 'noStream' })).toMatchObject({ revision: 3 });
  expect(here.said).toContainEqual({ level: 'error', message: expect.stringMatching(/was deleted before/) as string });
});
it('a stream that was deleted for good reads as none and refuses appends', async () => {
  const stream = newStream();
  await store.append(stream, newEvents(3), { expected: 'noStream' });
  here.double.server.tombstone(`citizen.${stream}`);
  expect(await collect(store.readStream(stream))).toEqual([]);
  const error = await errorOf(store.append(stream, newEvents(1), { expected: 2 }));
  expect(error).toMatchObject({ code: 'invalid_append' });
});
it('an append that is larger than the server takes is refused, and its neighbours are not', async () => {
  const payload = JSON.stringify({ text: 'x'.repeat(1_100_000) });
  const large = errorOf(store.append(newStream(), newEvents(1, { payload }), { expected: 'noStream' }));
  await Promise.all(Array.from({ length: 5 }, () => store.append(newStream(), newEvents(1), { expected: 'noStream' })));
  expect(await large).toMatchObject({ code: 'invalid_append' });
});
it('two processes that write the same ids with different content at once keep one of them and an unbroken chain', async () => {
  const other = await here.open();
  for (let round = 0; round < 20; round++) {
    const stream = newStream();
    const [event] = newEvents(1);
    const write = (by: EventStore, payload: string) =>
      by.append(stream, [{ ...event!, payload }], { expected: 'noStream' });
    await Promise.all([write(store, '{"by":1}'), write(other, '{"by":2}')]);
    await other.append(stream, newEvents(1), { expected: 0 });
    await store.append(stream, newEvents(1), { expected: 1 });
  }
  expect(await verifyLog(store)).toMatchObject({ ok: true, events: 61 });
});
it('verify names an event that was changed on the server', async () => {
  for (let round = 0; round < 3; round++) await store.append(newStream(), newEvents(3), { expected: 'noStream' });
  const victim = here.double.server.all.find(
    ({ stream, revision }) => stream.startsWith('citizen.contract') && revision === 1,
  );
  here.double.server.tamper(victim!.position, { data: Buffer.from('{"what":"another thing"}') });
  const other = await here.open();
  expect(await verifyLog(other)).toMatchObject({
    ok: false,
    problem: { kind: 'changed', position: victim!.position, revision: 1 },
  });
});
it('payloads are JSON for the server’s own pages wherever JSON gives them back unchanged', async () => {
  const stream = newStream();
  await store.append(stream, newEvents(1, { payload: '{"a":1}' }), { expected: 'noStream' });
  await store.append(stream, newEvents(1, { payload: '{"2":1,"1":2}' }), { expected: 0 });
  expect(here.double.server.all.slice(-2).map(({ contentType }) => contentType)).toEqual([
    'application/json',
    'application/octet-stream',
  ]);
  expect((await collect(store.readStream(stream))).map(({ payload }) => payload)).toEqual(['{"a":1}', '{"2":1,"1":2}']);
});
it('a live subscription that lost its voice is made anew when this process has written more', async () => {
  const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
  await subscriber.until(isCaughtUp);
  await vi.waitUntil(() => here.double.openReads() > 0);
  here.double.wire.freeze();
  const events = newEvents(2);
  const appended = store.append(newStream(), events, { expected: 'noStream' });
  await vi.waitUntil(() => here.said.some(({ message }) => message.startsWith('An append failed')), {
    timeout: 30_000,
  });
  here.double.wire.thaw();
  await appended;
  await subscriber.until((now) => now.events.length === 2);
  expect(idsOf(subscriber.events)).toEqual(idsOf(events));
  await subscriber.stop();
});
it('the double takes the client’s own appends and reads, too', async () => {
  const client = EventStoreDBClient.connectionString(here.double.url);
  const written = await client.appendToStream('theirs', [jsonEvent({ type: 'Theirs', data: { a: 1 } })], {
    expectedRevision: 'no_stream',
  });
  expect(written).toMatchObject({ success: true, nextExpectedRevision: 0n });
  await expect(
    client.appendToStream('theirs', jsonEvent({ type: 'Theirs', data: {} }), { expectedRevision: 'no_stream' }),
  ).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n });
  const read = [];
  for await (const { event } of client.readStream('theirs')) read.push(event?.data);
  expect(read).toEqual([{ a: 1 }]);
  await client.dispose();
});
