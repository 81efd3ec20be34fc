import { expect, test } from 'vitest';
import type { NewEvent } from '../../../src/events/store.js';
import { collect, errorOf, idsOf, newEvent, newEvents, newStream, type Subject } from './support.js';

/** What `append` accepts and refuses, one caller at a time. */
export function appendingContract(subject: () => Subject): void {
  const append = (stream: string, events: readonly NewEvent[], expected: Parameters<typeof atRevision>[0]) =>
    subject().store.append(stream, events, atRevision(expected));
  const existing = async (events = 3): Promise<string> => {
    const stream = newStream();
    await append(stream, newEvents(events), 'noStream');
    return stream;
  };
  const read = (stream: string) => collect(subject().store.readStream(stream));

  test('noStream creates a stream at revision 0', async () => {
    expect(await append(newStream(), newEvents(1), 'noStream')).toMatchObject({ revision: 0, duplicate: false });
  });
  test('any creates a stream that does not exist', async () => {
    expect(await append(newStream(), newEvents(1), 'any')).toMatchObject({ revision: 0, duplicate: false });
  });
  test('any appends to a stream that exists', async () => {
    expect(await append(await existing(), newEvents(1), 'any')).toMatchObject({ revision: 3 });
  });
  test('streamExists appends to a stream that exists', async () => {
    expect(await append(await existing(), newEvents(2), 'streamExists')).toMatchObject({ revision: 4 });
  });
  test('an exact revision appends right after it', async () => {
    expect(await append(await existing(), newEvents(1), 2)).toMatchObject({ revision: 3 });
  });

  const refusals = [
    ['streamExists on a missing stream', 0, 'streamExists', -1],
    ['an exact revision on a missing stream', 0, 0, -1],
    ['noStream on a stream that exists', 3, 'noStream', 2],
    ['a revision that is too low', 3, 1, 2],
    ['a revision that is too high', 3, 3, 2],
  ] as const;
  test.each(refusals)('%s is refused with the actual revision', async (_name, length, expected, actual) => {
    const stream = length === 0 ? newStream() : await existing(length);
    for (const count of [1, 2]) {
      const error = await errorOf(append(stream, newEvents(count), expected));
      expect(error).toMatchObject({ code: 'wrong_expected_revision', stream, expected, actual });
    }
    expect(await read(stream)).toHaveLength(length);
  });

  test('several events are appended together, in their order', async () => {
    const stream = newStream();
    const events = newEvents(5);
    expect(await append(stream, events, 'noStream')).toMatchObject({ revision: 4 });
    expect(idsOf(await read(stream))).toEqual(idsOf(events));
  });
  test('500 events are appended together', async () => {
    const stream = newStream();
    const events = newEvents(500);
    expect(await append(stream, events, 'noStream')).toMatchObject({ revision: 499 });
    expect(idsOf(await read(stream))).toEqual(idsOf(events));
  });
  test('the result names the place of the last event', async () => {
    const stream = await existing(1);
    const result = await append(stream, newEvents(3), 0);
    expect((await read(stream)).at(-1)).toMatchObject({ revision: result.revision, position: result.position });
  });
  test('positions of appends that follow each other grow', async () => {
    const first = await append(newStream(), newEvents(2), 'any');
    const second = await append(newStream(), newEvents(1), 'any');
    expect(second.position).toBeGreaterThan(first.position);
  });

  test('every field comes back as it was given', async () => {
    const stream = newStream();
    const full = newEvent({
      type: 'ThingOfAllKinds',
      schemaVersion: 7,
      payload: '{ "spaces" : [1,2.50,null], "text":"\\u0000 \\ud83d\\ude00" }',
      occurredAt: '1999-12-31T23:59:59.999Z',
      causationId: 'cause-1',
      correlationId: 'conversation/2',
      actor: { kind: 'officer', id: 'staff-7' },
    });
    const bare = newEvent({ actor: { kind: 'system' } });
    await append(stream, [full, bare], 'noStream');
    const [first, second] = await read(stream);
    expect(first).toMatchObject({ ...full, stream, revision: 0 });
    expect(second).toMatchObject({ ...bare, stream, revision: 1 });
    expect(second).toMatchObject({ causationId: undefined, correlationId: undefined });
    expect(second?.actor).toEqual({ kind: 'system' });
  });
  test.each(['Kushɛ, aw di bɔdi?', '👩🏾‍⚖️🇸🇱', 'שלום مرحبا', '"\\{}\n\t\'', 'a\u0301\u2028\ufeff'])(
    'text comes back unchanged: %j',
    async (text) => {
      const stream = newStream();
      const payload = JSON.stringify({ text });
      await append(stream, [newEvent({ payload })], 'noStream');
      await append(stream, newEvents(2, { payload }), 0);
      expect((await read(stream)).map((event) => event.payload)).toEqual([payload, payload, payload]);
    },
  );
  test('a payload of half a megabyte comes back unchanged', async () => {
    const stream = newStream();
    const payload = JSON.stringify({ text: 'ɛ'.repeat(262_144) });
    await append(stream, [newEvent({ payload })], 'noStream');
    expect((await read(stream))[0]?.payload === payload).toBe(true);
  });

  test('an append of nothing is refused', async () => {
    expect(await errorOf(append(newStream(), [], 'any'))).toMatchObject({ code: 'invalid_append' });
  });
  test.each(['', ' ', '$system', 'with space', 'nul\u0000', 'x'.repeat(201)])(
    'the stream name %j is refused',
    async (name) => {
      expect(await errorOf(append(name, newEvents(1), 'any'))).toMatchObject({ code: 'invalid_append' });
    },
  );
  const malformed: [string, Partial<NewEvent>][] = [
    ['an id that is no UUID', { id: 'event-1' }],
    ['an empty type', { type: '' }],
    ['a schema version of 0', { schemaVersion: 0 }],
    ['a time that is not ISO 8601 in UTC with milliseconds', { occurredAt: '2026-03-04 05:06' }],
    ['half a surrogate pair in the payload', { payload: '{"text":"\ud83d"}' }],
    ['NUL in the payload', { payload: '{"text":"\u0000"}' }],
    ['NUL in a correlation id', { correlationId: 'a\u0000b' }],
  ];
  test.each(malformed)('%s is refused and nothing is written', async (_name, fields) => {
    const stream = newStream();
    const error = await errorOf(append(stream, [newEvent(), newEvent(fields)], 'any'));
    expect(error).toMatchObject({ code: 'invalid_append' });
    expect(await read(stream)).toEqual([]);
  });
  test.each([-1, 1.5, Number.NaN])('the expected revision %j is refused', async (revision) => {
    const error = await errorOf(append(newStream(), newEvents(1), revision));
    expect(error).toMatchObject({ code: 'invalid_append' });
  });
}

const atRevision = (expected: 'any' | 'noStream' | 'streamExists' | number) => ({ expected });
