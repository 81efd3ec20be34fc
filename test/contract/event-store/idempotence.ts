import { expect, test } from 'vitest';
import { collect, errorOf, idsOf, newEvent, newEvents, newStream, type Subject } from './support.js';

/** What happens when ids come again: the guard of every retry. */
export function idempotenceContract(subject: () => Subject): void {
  const store = () => subject().store;
  const read = (stream: string) => collect(store().readStream(stream));

  test.each([1, 3])('the same append of %i events again changes nothing and gives the first result', async (count) => {
    const stream = newStream();
    const events = newEvents(count);
    const first = await store().append(stream, events, { expected: 'noStream' });
    const again = await store().append(stream, events, { expected: 'noStream' });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await read(stream)).toHaveLength(count);
  });
  test.each(['any', 'noStream', 'streamExists', 0, 7] as const)(
    'known ids are a success whatever is expected: %s',
    async (expected) => {
      const stream = newStream();
      const events = newEvents(2);
      const first = await store().append(stream, events, { expected: 'any' });
      await store().append(stream, newEvents(1), { expected: 1 });
      expect(await store().append(stream, events, { expected })).toEqual({ ...first, duplicate: true });
      const alone = await store().append(stream, events.slice(1), { expected });
      expect(alone).toEqual({ ...first, duplicate: true });
      expect(await read(stream)).toHaveLength(3);
    },
  );
  test('a known single event expected at the current end is still a repeat', async () => {
    const stream = newStream();
    const event = newEvent();
    const first = await store().append(stream, [event], { expected: 'noStream' });
    expect(await store().append(stream, [event], { expected: 0 })).toEqual({ ...first, duplicate: true });
    expect(await read(stream)).toHaveLength(1);
  });
  test('one event of a known append gives its own place', async () => {
    const stream = newStream();
    const events = newEvents(3);
    await store().append(stream, events, { expected: 'noStream' });
    const middle = await store().append(stream, events.slice(1, 2), { expected: 'any' });
    expect(middle).toEqual({ revision: 1, position: (await read(stream))[1]?.position, duplicate: true });
  });
  test('an append of which only a part is known is a conflict and nothing is written', async () => {
    const stream = newStream();
    const events = newEvents(2);
    await store().append(stream, events, { expected: 'noStream' });
    const error = await errorOf(store().append(stream, [...events, newEvent()], { expected: 1 }));
    expect(error).toMatchObject({ code: 'event_id_conflict', stream });
    expect(await read(stream)).toHaveLength(2);
  });
  test('one id twice in one append is a conflict', async () => {
    const event = newEvent();
    const error = await errorOf(store().append(newStream(), [event, event], { expected: 'any' }));
    expect(error).toMatchObject({ code: 'event_id_conflict' });
  });
  test('the same append from two instances at once lands once, and both get the same place', async () => {
    const { other } = subject();
    for (let round = 0; round < 10; round++) {
      const stream = newStream();
      const events = newEvents(1 + (round % 3));
      const append = (from: typeof other) => from.append(stream, events, { expected: 'noStream' });
      const results = await Promise.all([append(store()), append(other), append(store()), append(other)]);
      expect(new Set(results.map(({ revision, position }) => `${revision}@${position}`)).size).toBe(1);
      expect(idsOf(await read(stream))).toEqual(idsOf(events));
    }
  });
}
