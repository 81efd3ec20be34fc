import { expect, test } from 'vitest';
import { createBatchSizer, type BatchSizer } from './batch-size.js';

const onDisk = (flushMs: number): BatchSizer => {
  const sizer = createBatchSizer();
  for (let count = 0; count < 100; count++) sizer.measured(20, flushMs + 0.6);
  return sizer;
};

test('a few requests go together on any disk', () => {
  expect([onDisk(0.1).next(1), onDisk(0.1).next(10), onDisk(5).next(10)]).toEqual([1, 10, 10]);
});
test('many requests go in two halves on a fast disk and together on a slow one', () => {
  expect([onDisk(0.2).next(50), onDisk(0.2).next(51), onDisk(4).next(50)]).toEqual([25, 26, 50]);
});
test('one slow flush among fast ones changes nothing', () => {
  const sizer = onDisk(0.1);
  sizer.measured(20, 3);
  expect(sizer.next(50)).toBe(25);
});
