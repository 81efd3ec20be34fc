import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAppendQueue } from './append-queue.js';

const item = (stream: string, number = 0, events = 1, payload = 'x') => ({
  number,
  request: { stream, events: Array.from({ length: events }, () => ({ payload })) },
});

test('a stream has at most one request on its way', () => {
  const queue = createAppendQueue<ReturnType<typeof item>>(10);
  const [first, second, other] = [item('a', 1), item('a', 2), item('b', 3)];
  for (const each of [first, second, other]) queue.add(each);
  expect(queue.take(10)).toEqual([first, other]);
  expect(queue.take(10)).toEqual([]);
  queue.done([first, other]);
  expect(queue.take(10)).toEqual([second]);
});
test('a batch ends before it has too many events, but a single large request goes', () => {
  const queue = createAppendQueue<ReturnType<typeof item>>(5);
  for (const [index, events] of [3, 2, 1, 9, 1].entries()) queue.add(item(`s${index}`, index, events));
  const sizes = (): number[] => queue.take(10).map(({ request }) => request.events.length);
  expect([sizes(), sizes(), sizes(), sizes()]).toEqual([[3, 2], [1], [9], [1]]);
});
test('a batch ends before its payloads are too large', () => {
  const queue = createAppendQueue<ReturnType<typeof item>>(100);
  for (let index = 0; index < 3; index++) queue.add(item(`s${index}`, index, 1, 'x'.repeat(2 * 1024 * 1024)));
  expect(queue.take(10)).toHaveLength(2);
});
test('every request goes once, in order within its stream, whatever is taken and done', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }),
      fc.array(fc.nat(4), { minLength: 1 }),
      (streams, sizes) => {
        const queue = createAppendQueue<ReturnType<typeof item>>(3);
        for (const [index, stream] of streams.entries()) queue.add(item(stream, index));
        const gone: ReturnType<typeof item>[] = [];
        for (let turn = 0; queue.size > 0; turn++) {
          const batch = queue.take(1 + (sizes[turn % sizes.length] ?? 0));
          expect(new Set(batch.map(({ request }) => request.stream)).size).toBe(batch.length);
          gone.push(...batch);
          queue.done(batch);
        }
        expect(gone).toHaveLength(streams.length);
        for (const stream of ['a', 'b', 'c']) {
          const numbers = gone.filter(({ request }) => request.stream === stream).map(({ number }) => number);
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      },
    ),
  );
});
