import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** How long a test awaits a condition. Long on purpose: a busy machine must not fail a test, and a passing one never waits for it. */
const expectSettings = { poll: { timeout: 30_000, interval: 20 } };

/** Only CI tries a second time, and names at its end what needed that: whoever works here sees a race when it happens. */
const retry = process.env['CI'] ? 1 : 0;

export default defineConfig({
  test: {
    // Two files at a time also on two cores, where one is the default: many of them wait most of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Pure logic beside its source: no I/O, runs in a second or two, on every supported Node version.
      { test: { name: 'unit', include: ['{src,web/lib}/**/*.test.ts'], testTimeout: 60_000, expect: expectSettings } },
      // The published client: its pure machine, a model test in virtual time, real sockets on loopback, React in jsdom.
      {
        test: {
          name: 'client',
          include: ['client/{src,test}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          expect: expectSettings,
        },
      },
      // Against a real PostgreSQL, real sockets and real processes. One embedded PostgreSQL serves the whole run.
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectSettings,
          pool: 'forks',
          retry,
        },
      },
      // The web application in a real browser: one file at a time, after the others, for both of them want the processor.
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          expect: expectSettings,
          pool: 'forks',
          retry,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
