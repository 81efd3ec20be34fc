import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // Pure logic beside its source: no I/O, runs in a second or two, on every supported Node version.
      { test: { name: 'unit', include: ['src/**/*.test.ts'], testTimeout: 20_000 } },
      // The published client: its pure machine, a model test in virtual time, real sockets on loopback, React in jsdom.
      { test: { name: 'client', include: ['client/{src,test}/**/*.test.{ts,tsx}'], testTimeout: 20_000 } },
      // Against a real PostgreSQL, real sockets and real processes. One embedded PostgreSQL serves the whole run.
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
        },
      },
    ],
  },
});
