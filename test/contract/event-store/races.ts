import { expect, test } from 'vitest';
import { isWrongExpectedRevision, type EventStore, type ExpectedRevision } from '../../../src/events/store.js';
import { collect, errorOf, idsOf, newEvent, newEvents, newStream, type Subject } from './support.js';

const ROUNDS = 30;

/** Several writers at once. */
export function racesContract(subject: () => Subject): void {
  /** Lets each store try once at the same time; gives how many won and whether all others were refused properly. */
  const race = async (stream: string, stores: readonly EventStore[], expected: ExpectedRevision, count = 1) => {
    const errors = await Promise.all(
      stores.map((store) => errorOf(store.append(stream, newEvents(count), { expected }))),
    );
    const refused = errors.filter(isWrongExpectedRevision).length;
    return { winners: errors.filter((error) => error === undefined).length, refused };
  };
  const eight = (): EventStore[] => Array.from({ length: 8 }, () => subject().store);
  const eightOfTwo = (): EventStore[] =>
    Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? subject().store : subject().other));

  test(`of 8 creators of one stream exactly one wins, in each of ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      expect(await race(newStream(), eight(), 'noStream', 1 + (round % 2))).toEqual({ winners: 1, refused: 7 });
    }
  });
  test(`of 8 creators in two instances exactly one wins, in each of ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      expect(await race(newStream(), eightOfTwo(), 'noStream', 1 + (round % 2))).toEqual({ winners: 1, refused: 7 });
    }
  });
  test('of 8 writers at one revision exactly one wins, revision after revision', async () => {
    const stream = newStream();
    await subject().store.append(stream, newEvents(1), { expected: 'noStream' });
    for (let revision = 0; revision < ROUNDS; revision++) {
      expect(await race(stream, eightOfTwo(), revision)).toEqual({ winners: 1, refused: 7 });
    }
    expect((await collect(subject().store.readStream(stream))).map((event) => event.revision)).toHaveLength(ROUNDS + 1);
  });
  test('a conflict does not fail its neighbours of the same moment', async () => {
    const { store } = subject();
    const taken = newStream();
    await store.append(taken, newEvents(1), { expected: 'noStream' });
    const good = Array.from({ length: 20 }, () => newStream());
    const outcomes = await Promise.allSettled(
      good.flatMap((stream) => [
        store.append(stream, newEvents(2), { expected: 'noStream' }),
        store.append(taken, newEvents(1), { expected: 'noStream' }),
      ]),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(good.flatMap(() => ['fulfilled', 'rejected']));
  });
  test('a half-known append does not fail its neighbours of the same moment', async () => {
    const { store } = subject();
    const taken = newEvent();
    const known = newStream();
    await store.append(known, [taken], { expected: 'noStream' });
    const streams = Array.from({ length: 10 }, (_, index) => (index === 4 ? known : newStream()));
    const outcomes = await Promise.allSettled(
      streams.map((stream, index) =>
        store.append(stream, index === 4 ? [taken, newEvent()] : newEvents(2), { expected: 'any' }),
      ),
    );
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([4]);
  });
  test('an invalid append does not fail its neighbours of the same moment', async () => {
    const { store } = subject();
    const bad = errorOf(store.append(newStream(), [newEvent({ payload: '\u0000' })], { expected: 'any' }));
    await Promise.all(Array.from({ length: 5 }, () => store.append(newStream(), newEvents(1), { expected: 'any' })));
    expect(await bad).toMatchObject({ code: 'invalid_append' });
  });
  test('100 appends to one stream at once get one revision each', async () => {
    const stream = newStream();
    const stores = [subject().store, subject().other];
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => stores[index % 2]!.append(stream, newEvents(1), { expected: 'any' })),
    );
    const revisions = results.map(({ revision }) => revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
  test('appends to one stream by one caller keep their order', async () => {
    const stream = newStream();
    const events = newEvents(60);
    await Promise.all(events.map((event) => subject().store.append(stream, [event], { expected: 'any' })));
    expect(idsOf(await collect(subject().store.readStream(stream)))).toEqual(idsOf(events));
  });
  test('300 appends to 300 streams at once all land, whole', async () => {
    const { store, other } = subject();
    const streams = Array.from({ length: 300 }, () => newStream());
    const results = await Promise.all(
      streams.map((stream, index) =>
        (index % 3 === 0 ? other : store).append(stream, newEvents(1 + (index % 4)), { expected: 'noStream' }),
      ),
    );
    expect(new Set(results.map(({ position }) => position)).size).toBe(300);
    for (const [index, stream] of streams.entries()) {
      expect(await collect(store.readStream(stream))).toHaveLength(1 + (index % 4));
    }
  });
}
