import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  collect,
  errorOf,
  isCaughtUp,
  newEvents,
  newStream,
  startSubscriber,
} from '../../contract/event-store/support.js';
import { startDouble, type Double } from '../../support/eventstoredb-double/index.js';
import { createWire, type Wire } from '../../support/eventstoredb-double/wire.js';
import { doubleForEachTest, openStore } from './support.js';

// The address is the same, and what is behind it is another log all at once: a node that came back without its disk, or from
// another back-up, while our server runs.
const here = doubleForEachTest();
let other: Double;
let wire: Wire;
let target: number;
beforeEach(async () => {
  other = await startDouble();
  target = here.double.port;
  wire = await createWire(() => target);
});
afterEach(async () => {
  await wire.cut();
  await other.stop();
});
const open = () => here.open({ timeoutMs: 3_000 }, `esdb://127.0.0.1:${wire.port}?tls=false`);
const swap = (to: Double): void => {
  target = to.port;
  wire.shake();
};

it('records nothing in a log that is not the one that was opened', async () => {
  const store = await open();
  const stream = newStream();
  await store.append(stream, newEvents(1), { expected: 'noStream' });
  swap(other);
  const errors = await Promise.all(
    [...Array(10).keys()].map(() => errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }))),
  );
  for (const error of errors) expect(error).toMatchObject({ code: 'store_unavailable' });
  expect(other.server.all).toEqual([]);
  expect(here.said.filter(({ level, message }) => level === 'error' && message.includes('another log'))).toHaveLength(
    1,
  );
  const late = await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  expect(late).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
  // What is asked is refused too: no stream is to seem to be gone.
  expect(await errorOf(store.head())).toMatchObject({ code: 'store_unavailable' });
  expect(await errorOf(collect(store.readStream(stream)))).toMatchObject({ code: 'store_unavailable' });
});
it('goes on by itself when the right log is back', async () => {
  const store = await open();
  swap(other);
  await errorOf(store.append(newStream(), newEvents(1), { expected: 'noStream' }));
  swap(here.double);
  expect(await store.append(newStream(), newEvents(1), { expected: 'noStream' })).toMatchObject({ revision: 0 });
});
it('gives subscribers nothing of another log, and goes on where it was when the right one is back', async () => {
  const theirs = await openStore(other.url);
  await theirs.append(newStream(), newEvents(20), { expected: 'noStream' });
  await theirs.close();
  const store = await open();
  const subscriber = startSubscriber(store, { to: 'all', after: 'end' });
  await subscriber.until(isCaughtUp);
  swap(other);
  await vi.waitUntil(() => here.said.some(({ message }) => message.includes('another log')));
  expect(subscriber.events).toEqual([]);
  swap(here.double);
  await store.append(newStream(), newEvents(2), { expected: 'noStream' });
  await subscriber.until((now) => now.events.length === 2);
  await subscriber.stop();
});
