import { expect, it } from 'vitest';
import { isDatabaseAway } from './database-away.js';

const withCode = (code: string): Error => Object.assign(new Error('It broke'), { code });

it.each([
  withCode('ECONNREFUSED'),
  Object.assign(withCode('ENOENT'), { syscall: 'connect' }),
  withCode('08006'),
  withCode('57P03'),
  withCode('store_unavailable'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
])('knows a database that does not answer: %s', (error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

it.each([
  withCode('42P01'),
  withCode('57014'),
  Object.assign(withCode('ENOENT'), { syscall: 'open' }),
  withCode('wrong_expected_revision'),
  new TypeError('x'),
  'ECONNREFUSED',
])('takes no mistake for that: %s', (error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
