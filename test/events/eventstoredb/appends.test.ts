import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EventStore } from '../../../src/events/store.js';
import { collect, errorOf, newEvents, newStream } from '../../contract/event-store/support.js';
import { startDouble, type Double } from '../../support/eventstoredb-double/index.js';
import { openStore, type Said } from './support.js';

// What an append says about its outcome, and when.
let double: Double;
let stores: EventStore[];
const open = async (timeoutMs = 10_000, said: Said[] = []): Promise<EventStore> => {
  const store = await openStore(double.url, { timeoutMs }, said);
  stores.push(store);
  return store;
};
beforeEach(async () => {
  stores = [];
  double = await startDouble();
});
afterEach(async () => {
  double.faults.release();
  double.faults.stallReads(undefined);
  await Promise.all(stores.map((store) => store.close()));
  await double.stop();
});

it('a server whose clock is ahead takes appends all the same', async () => {
  double.faults.clockAhead(3_600_000);
  const store = await open();
  expect(await store.append(newStream(), newEvents(2), { expected: 'noStream' })).toMatchObject({ revision: 1 });
});
it('a server that answers that it is busy is asked again', async () => {
  const store = await open();
  double.faults.refuseAppends(3, 0, 'Server Is Busy');
  expect(await store.append(newStream(), newEvents(1), { expected: 'noStream' })).toMatchObject({ revision: 0 });
});
it('a server that was busy all the time has written nothing, and that is known', async () => {
  const store = await open(400);
  double.faults.refuseAppends(100_000, 0, 'Server Is Busy');
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
});
it('an error that the client has no name for counts by its code: what can never be taken is refused at once', async () => {
  const store = await open();
  double.faults.refuseAppends(1, 3, 'MaximumAppendEventSizeExceeded');
  const before = double.appends();
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'invalid_append' });
  expect(double.appends()).toBe(before + 1);
});
it('appends that waited behind one that was tried in vain are given up with it, without tries of their own', async () => {
  const store = await open(600);
  const stream = newStream();
  await store.append(stream, newEvents(1), { expected: 'noStream' });
  double.faults.holdAnswers(100_000);
  const before = double.appends();
  const errors = await Promise.all(
    Array.from({ length: 20 }, (_, index) => errorOf(store.append(stream, newEvents(1), { expected: index }))),
  );
  expect(errors[0]).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
  for (const error of errors.slice(1)) expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  expect(double.appends() - before).toBeLessThanOrEqual(4);
});
it('an append that was written, but whose place cannot be read back, is unknown', async () => {
  const store = await open(1_500);
  double.faults.loseAnswers(1);
  double.faults.stallReads(0);
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
});
it('an append to a stream whose events were all truncated away ends, without asking the server all the time', async () => {
  const stream = newStream();
  await (await open()).append(stream, newEvents(3), { expected: 'noStream' });
  double.server.truncate(`citizen.${stream}`, 3);
  const store = await open(700);
  const before = double.appends();
  const error = await errorOf(store.append(stream, newEvents(1), { expected: 'any' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  expect((error as Error).message).toContain('truncated');
  expect(double.appends() - before).toBeLessThan(60);
});
it('a call that broke does not take the next one with it: all appends share one again', async () => {
  const store = await open();
  for (let round = 0; round < 5; round++) {
    double.faults.loseAnswers(1);
    await Promise.all(
      Array.from({ length: 20 }, () => store.append(newStream(), newEvents(1), { expected: 'noStream' })),
    );
  }
  await vi.waitUntil(() => double.openAppendCalls() === 1);
});
it('without the right to write, an append fails at once and says why', async () => {
  const store = await open();
  double.faults.deny('writes');
  const error = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  expect((error as Error).message).toContain('rights');
  double.faults.deny(undefined);
  expect(await collect(store.readAll())).toHaveLength(1);
});
