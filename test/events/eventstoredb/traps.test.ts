import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { describe, expect, it, vi } from 'vitest';
import { readConnectionString } from '../../../src/events/eventstoredb/connection-string.js';
import {
  collect,
  errorOf,
  idsOf,
  isCaughtUp,
  newEvent,
  newEvents,
  newStream,
  startSubscriber,
} from '../../contract/event-store/support.js';
import { startDouble } from '../../support/eventstoredb-double/index.js';
import { doubleForEachTest } from './support.js';

// The traps of @eventstore/db-client 6.2.1, by their numbers in docs/eventstoredb.md: what the adapter does in each of them.
const here = doubleForEachTest();
const cluster = (...ports: number[]): string =>
  `esdb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}?tls=false&maxDiscoverAttempts=2&discoveryInterval=10`;

describe('T1: discovery that failed once', () => {
  it('does not spoil the appends after it', async () => {
    here.double.faults.failDiscovery(7);
    const store = await here.open({}, cluster(here.double.port, here.double.port));
    expect(await store.append(newStream(), newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
  });
  it('is waited out also in the middle of a life', async () => {
    const store = await here.open({}, cluster(here.double.port, here.double.port));
    const stream = newStream();
    await store.append(stream, newEvents(1), { expected: 'noStream' });
    here.double.faults.failDiscovery(7);
    here.double.wire.shake();
    expect(await store.append(stream, newEvents(1), { expected: 0 })).toMatchObject({ revision: 1 });
  });
  it('ends the start with a clear message when nobody ever answers', async () => {
    const { port } = here.double;
    await here.double.wire.cut();
    const error = await errorOf(here.open({ timeoutMs: 300 }, cluster(port, port)));
    expect(error).toMatchObject({ name: 'StartupError', code: 'event_store_unreachable' });
    expect((error as Error).message).toContain(`127.0.0.1:${port}`);
  });
});

describe('T2: one list of waiting appends for all clients of a process', () => {
  it('is not used: the broken connection of another client does not touch our appends', async () => {
    const store = await here.open();
    const theirs = await startDouble();
    const client = EventStoreDBClient.connectionString(theirs.url);
    const stream = newStream();
    here.double.faults.holdAnswers(1);
    theirs.faults.holdAnswers(1);
    const before = here.double.appends();
    const ours = store.append(stream, newEvents(1), { expected: 'noStream' });
    const other = client.appendToStream('theirs', jsonEvent({ type: 'Theirs', data: {} }));
    const failed = errorOf(other);
    await vi.waitUntil(() => theirs.appends() === 1 && here.double.appends() === before + 1);
    theirs.wire.shake();
    expect(await failed).toMatchObject({ type: 'unavailable' });
    here.double.faults.release();
    expect(await ours).toMatchObject({ revision: 0, duplicate: false });
    expect(here.double.appends()).toBe(before + 1);
    await client.dispose();
    await theirs.stop();
  });
});

describe('T3: throwOnAppendFailure=false', () => {
  it('is refused in the address, because the client then gives wrong revisions', () => {
    expect(() => readConnectionString('esdb://h:2113?throwOnAppendFailure=false')).toThrow(/wrong revisions/);
  });
});

describe('T4: subscriptions that the client does not take up again', () => {
  it.each(['error', 'end'] as const)('go on without a gap or a repeat after an %s', async (how) => {
    const store = await here.open();
    here.double.faults.cutReads(1, 0, 'error'); // for the start of the tail
    const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
    await subscriber.until(isCaughtUp);
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      here.double.faults.cutReads(3, 2, how);
      const events = newEvents(4);
      await store.append(newStream(), events, { expected: 'noStream' });
      ids.push(...idsOf(events));
      await subscriber.until((now) => now.events.length === ids.length);
    }
    expect(idsOf(subscriber.events)).toEqual(ids);
    await subscriber.stop();
  });
  it('go on after the server was gone', async () => {
    const store = await here.open();
    const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
    await subscriber.until(isCaughtUp);
    await here.double.wire.cut();
    const events = newEvents(3);
    const appended = store.append(newStream(), events, { expected: 'noStream' });
    await here.double.wire.mend();
    await appended;
    await subscriber.until((now) => now.events.length === 3);
    expect(idsOf(subscriber.events)).toEqual(idsOf(events));
    await subscriber.stop();
  });
});

describe('T5: deadlines that the client does not keep', () => {
  it('an append without an answer fails after its time, with an unknown outcome', async () => {
    const store = await here.open({ timeoutMs: 1_000 });
    here.double.faults.holdAnswers(100);
    const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
  });
  it('an append whose answer is late is repeated with the same ids and lands once', async () => {
    const store = await here.open({ timeoutMs: 8_000 });
    const stream = newStream();
    here.double.faults.holdAnswers(1);
    expect(await store.append(stream, newEvents(3), { expected: 'noStream' })).toMatchObject({ revision: 2 });
    expect(await collect(store.readStream(stream))).toHaveLength(3);
  });
  it('a read of a silent server fails after its time', async () => {
    const store = await here.open({ timeoutMs: 500 });
    here.double.wire.freeze();
    const error = await errorOf(collect(store.readStream(newStream())));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  });
});

describe('T6: a frozen node', () => {
  it('is asked to show signs of life every 10 s and given 3 s, unless the address says otherwise', () => {
    expect(readConnectionString('esdb://h:2113').connectionString).toMatch(
      /keepAliveInterval=10000&keepAliveTimeout=3000/,
    );
    expect(readConnectionString('esdb://h:2113?keepAliveTimeout=9000').connectionString).toMatch(
      /keepAliveTimeout=9000/,
    );
  });
  it('costs an append only the time until it thaws', async () => {
    const store = await here.open({ timeoutMs: 8_000 });
    const stream = newStream();
    here.double.wire.freeze();
    const appended = store.append(stream, newEvents(2), { expected: 'noStream' });
    await vi.waitUntil(() => here.said.some(({ message }) => message.startsWith('An append failed')), {
      timeout: 30_000,
    });
    here.double.wire.thaw();
    expect(await appended).toMatchObject({ revision: 1 });
    expect(await collect(store.readStream(stream))).toHaveLength(2);
  });
});

describe('T7: back-pressure', () => {
  it('a consumer that waits holds the server back: nothing is piled up here', async () => {
    const store = await here.open();
    const payload = JSON.stringify({ text: 'x'.repeat(20_000) });
    for (let round = 0; round < 40; round++) {
      await store.append(newStream(), newEvents(40, { payload }), { expected: 'noStream' });
    }
    const stop = new AbortController();
    const slow = store.subscribe({ to: 'all', after: 0n, signal: stop.signal })[Symbol.asyncIterator]();
    await slow.next();
    const before = process.memoryUsage().arrayBuffers;
    await store.append(newStream(), newEvents(1), { expected: 'noStream' });
    // 32 MB wait at the server; here is what one call may have on its way.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    let seen = 1;
    for (let next = await slow.next(); !(next.done ?? false) && seen < 1_600; next = await slow.next()) seen += 1;
    expect(seen).toBe(1_600);
    stop.abort();
    await slow.next();
  });
});

describe('T8: reads that are left', () => {
  it('are closed on the server too', async () => {
    const store = await here.open();
    await store.append(newStream(), newEvents(300), { expected: 'noStream' });
    for (let round = 0; round < 20; round++) {
      for await (const _event of store.readAll()) break;
      const { signal } = new AbortController();
      for await (const _message of store.subscribe({ to: 'all', after: 0n, signal })) break;
    }
    // One is left: the live subscription that all others share.
    await vi.waitUntil(() => here.double.openReads() <= 1, { timeout: 30_000 });
  });
});

describe('T9: checkpoints of the server', () => {
  it('come in their place among the events and break nothing, also when the consumer throws', async () => {
    const store = await here.open();
    const after = (await store.head()).position;
    for (let round = 0; round < 10; round++) {
      await store.append(newStream(), newEvents(60), { expected: 'noStream' });
      await store.append(newStream(), newEvents(1, { type: 'Rare' }), { expected: 'noStream' });
    }
    await store.append(newStream(), newEvents(1, { type: 'Last' }), { expected: 'noStream' });
    const { signal } = new AbortController();
    const kinds: string[] = [];
    let last = after;
    const reading = async (): Promise<void> => {
      for await (const message of store.subscribe({ to: 'all', after, types: ['Rare'], signal })) {
        const position = message.kind === 'event' ? message.event.position : message.position;
        expect(position).toBeGreaterThanOrEqual(last);
        last = position;
        kinds.push(message.kind);
        if (message.kind === 'caught-up') throw new Error('the consumer fails');
      }
    };
    expect(await errorOf(reading())).toMatchObject({ message: 'the consumer fails' });
    expect(kinds.filter((kind) => kind === 'event')).toHaveLength(10);
    expect(kinds.filter((kind) => kind === 'checkpoint').length).toBeGreaterThan(2);
  });
});

describe('T10: appends on their way when the node dies', () => {
  it('50 of them are repeated with the same ids, and each lands once', async () => {
    const store = await here.open();
    const streams = Array.from({ length: 50 }, () => newStream());
    here.double.faults.holdAnswers(25);
    const before = here.double.appends();
    const appended = Promise.all(streams.map((stream) => store.append(stream, newEvents(2), { expected: 'noStream' })));
    await vi.waitUntil(() => here.double.appends() >= before + 50);
    here.double.wire.shake();
    const results = await appended;
    expect(new Set(results.map(({ position }) => position)).size).toBe(50);
    for (const stream of streams) expect(await collect(store.readStream(stream))).toHaveLength(2);
  });
  it('an answer that was lost does not double the events', async () => {
    const store = await here.open();
    const stream = newStream();
    await store.append(stream, newEvents(1), { expected: 'noStream' });
    here.double.faults.loseAnswers(1);
    const result = await store.append(stream, newEvents(2), { expected: 0 });
    const events = await collect(store.readStream(stream));
    expect(result).toEqual({ revision: 2, position: events[2]!.position, duplicate: false });
    expect(events).toHaveLength(3);
  });
  it('an id that was written long ago by a process that is gone is known', async () => {
    const stream = newStream();
    const event = newEvent();
    const first = await (await here.open()).append(stream, [event, ...newEvents(400)], { expected: 'noStream' });
    const again = await (await here.open()).append(stream, [event], { expected: first.revision });
    expect(again).toMatchObject({ revision: 0, duplicate: true });
  });
});

describe('T11: revisions as bigint', () => {
  it('do not leave the adapter: revisions are numbers, positions are bigint', async () => {
    const store = await here.open();
    const stream = newStream();
    const result = await store.append(stream, newEvents(1), { expected: 'noStream' });
    const [event] = await collect(store.readStream(stream));
    for (const place of [result, event!]) {
      expect(typeof place.revision).toBe('number');
      expect(typeof place.position).toBe('bigint');
    }
  });
});

describe('T12: credentials for each call', () => {
  it('are never given: all appends share one call, as those of the address do', async () => {
    const store = await here.open();
    await Promise.all(
      Array.from({ length: 40 }, () => store.append(newStream(), newEvents(1), { expected: 'noStream' })),
    );
    // The double refuses the call that the client takes when each append has credentials of its own.
    expect(here.double.appends()).toBeGreaterThanOrEqual(40);
  });
});
