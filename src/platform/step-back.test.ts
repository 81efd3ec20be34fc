import { expect, it } from 'vitest';
import { servesUs } from './step-back.js';

it('knows the process that serves a connection by the port in its title', () => {
  expect(servesUs('postgres: citizen citizen 127.0.0.1(43210) idle', 43_210)).toBe(true);
  expect(servesUs('postgres: cluster: citizen citizen ::1(43210) SELECT', 43_210)).toBe(true);
});

it('leaves a process alone that serves somebody else, or is no PostgreSQL', () => {
  expect(servesUs('postgres: citizen citizen 127.0.0.1(4321) idle', 43_210)).toBe(false);
  expect(servesUs('node server.js (43210) ', 43_210)).toBe(false);
  expect(servesUs('', null)).toBe(false);
});

it('knows a connection over a Unix socket', () => {
  expect(servesUs('postgres: citizen citizen [local] idle', null)).toBe(true);
  expect(servesUs('postgres: citizen citizen 127.0.0.1(43210) idle', null)).toBe(false);
});
