import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { createLogger } from '../../src/platform/logging.js';
import { postgresUrl } from '../../src/platform/postgres-pool.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the PostgreSQL server of this test run; make a database of your own with `freshDatabase()`. */
    databaseUrl: string;
  }
}

/** One embedded PostgreSQL serves the whole test run, in a folder of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'citizen-test-'));
  const logger = createLogger({ logLevel: 'error' });
  const postgres = await startEmbeddedPostgres({ dataDir, minFreeDiskBytes: 0, logger });
  project.provide('databaseUrl', postgresUrl(postgres.connection));
  return async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
