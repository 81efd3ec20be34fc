import { expect, test } from 'vitest';
import type { RecordedEvent } from '../store.js';
import { createTail } from './tail.js';

const event = (position: number, payload = '{}'): RecordedEvent => ({
  id: `event-${position}`,
  type: 'T',
  schemaVersion: 1,
  payload,
  occurredAt: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'system' },
  stream: 's',
  revision: position - 1,
  position: BigInt(position),
  recordedAt: '2026-01-01T00:00:00.000Z',
  previousHash: '',
  hash: '',
});
const events = (from: number, to: number, payload?: string): RecordedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index, payload));
const positions = (found: readonly RecordedEvent[] | undefined): number[] | undefined =>
  found?.map(({ position }) => Number(position));

test('what was published is there, from just after any place in it', () => {
  const tail = createTail();
  tail.publish(events(5, 6));
  tail.publish(events(7, 8));
  expect(positions(tail.after(4n))).toEqual([5, 6, 7, 8]);
  expect(positions(tail.after(6n))).toEqual([7, 8]);
  expect(positions(tail.after(8n))).toEqual([]);
  expect(tail.head).toBe(8n);
});
test('what lies before the first event here is not', () => {
  const tail = createTail();
  tail.publish(events(5, 6));
  expect(tail.after(3n)).toBeUndefined();
});
test('after a hole only what follows it is here', () => {
  const tail = createTail();
  tail.publish(events(1, 3));
  tail.publish(events(6, 7));
  expect(tail.after(2n)).toBeUndefined();
  expect(positions(tail.after(5n))).toEqual([6, 7]);
});
test('when others have written beyond, nothing can be given from here', () => {
  const tail = createTail();
  tail.publish(events(1, 3));
  tail.raise(5n);
  expect(tail.after(1n)).toBeUndefined();
});
test('an older batch that is reported late changes nothing', () => {
  const tail = createTail();
  tail.publish(events(4, 6));
  tail.publish(events(1, 3));
  expect(positions(tail.after(3n))).toEqual([4, 5, 6]);
});
test('it keeps a bounded number of events and of characters', () => {
  const many = createTail();
  for (let at = 1; at < 20_000; at += 100) many.publish(events(at, at + 99));
  expect(many.after(0n)).toBeUndefined();
  expect(positions(many.after(19_990n))).toEqual([
    19_991, 19_992, 19_993, 19_994, 19_995, 19_996, 19_997, 19_998, 19_999, 20_000,
  ]);
  const large = createTail();
  for (let at = 1; at <= 40; at++) large.publish([event(at, 'x'.repeat(1024 * 1024))]);
  expect(large.after(0n)).toBeUndefined();
  expect(positions(large.after(39n))).toEqual([40]);
});
test('waiting for what is already there does not wait', async () => {
  const tail = createTail();
  tail.raise(3n);
  await tail.beyond(2n, new AbortController().signal);
});
test('who waits is woken by what goes beyond, and by the signal', async () => {
  const tail = createTail();
  const stop = new AbortController();
  const order: string[] = [];
  const waits = [
    tail.beyond(0n, stop.signal).then(() => order.push('first')),
    tail.beyond(1n, stop.signal).then(() => order.push('second')),
    tail.beyond(9n, stop.signal).then(() => order.push('stopped')),
  ];
  tail.raise(1n);
  await waits[0];
  tail.publish(events(2, 2));
  await waits[1];
  stop.abort();
  await waits[2];
  expect(order).toEqual(['first', 'second', 'stopped']);
});
