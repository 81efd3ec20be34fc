import { expect, test } from 'vitest';
import { collect, errorOf, newEvent, newEvents, newStream, type Subject } from './support.js';

/** Beyond the port: what an adapter with one index of all event ids promises too. EventStoreDB has none. */
export function idsAcrossStreamsContract(subject: () => Pick<Subject, 'store'>): void {
  const store = () => subject().store;
  const read = (stream: string) => collect(store().readStream(stream));

  test.each([1, 2])('an id of another stream is a conflict and nothing is written (%i events)', async (count) => {
    const taken = newEvent();
    await store().append(newStream(), [taken], { expected: 'noStream' });
    const stream = newStream();
    const error = await errorOf(store().append(stream, [taken, ...newEvents(count - 1)], { expected: 'any' }));
    expect(error).toMatchObject({ code: 'event_id_conflict', stream });
    expect(await read(stream)).toEqual([]);
  });
  test('a taken event id does not fail its neighbours of the same moment', async () => {
    const { store } = subject();
    const taken = newEvent();
    await store.append(newStream(), [taken], { expected: 'noStream' });
    const streams = Array.from({ length: 10 }, () => newStream());
    const outcomes = await Promise.allSettled(
      streams.map((stream, index) => store.append(stream, [index === 4 ? taken : newEvent()], { expected: 'any' })),
    );
    expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([4]);
  });
  test('one new event id for two streams at the same moment lands in one of them', async () => {
    const { store } = subject();
    const event = newEvent();
    const outcomes = await Promise.all(
      [newStream(), newStream()].map((stream) => errorOf(store.append(stream, [event], { expected: 'any' }))),
    );
    expect(outcomes.filter((error) => error === undefined)).toHaveLength(1);
    expect(outcomes).toContainEqual(expect.objectContaining({ code: 'event_id_conflict' }));
  });
}
