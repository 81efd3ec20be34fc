import { defineConfig } from 'vitest/config';

/** Only for `npm run test:eventstore`: needs a real server, so `npm test` does not know it. */
export default defineConfig({
  test: {
    include: ['test/eventstore/**/*.suite.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000, interval: 20 } },
    pool: 'forks',
  },
});
