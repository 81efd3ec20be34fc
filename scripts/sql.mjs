// node scripts/sql.mjs < mend.sql: runs SQL as the owner of the tables, in the schema of this program, and prints rows as JSON. For
// repairs as docs/operations.md describes them: the PostgreSQL in DATA_DIR is started for as long as it takes when no server runs.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { loadConfig } from '../dist/platform/config.js';
import { findRunningPostgres } from '../dist/platform/embedded-postgres/find-running.js';
import { startEmbeddedPostgres } from '../dist/platform/embedded-postgres/index.js';
import { createLogger } from '../dist/platform/logging.js';
import { createPool } from '../dist/platform/postgres-pool.js';

const give = (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
};
const settings = () => {
  try {
    return loadConfig({ LOG_LEVEL: 'warn', ...process.env });
  } catch (error) {
    return give(error);
  }
};
const config = settings();
const own = async () => {
  const running = await findRunningPostgres(config.dataDir);
  if (running !== undefined) return { address: running, stop: () => Promise.resolve() };
  const { dataDir, minFreeDiskBytes } = config;
  // A mistyped DATA_DIR must not become a new database in which there is nothing to mend.
  if (!existsSync(path.join(dataDir, 'postgres', 'PG_VERSION'))) {
    throw new Error(`There is no data in DATA_DIR ${path.resolve(dataDir)}. Set DATA_DIR to the server's folder.`);
  }
  const started = await startEmbeddedPostgres({ dataDir, minFreeDiskBytes, logger: createLogger(config) });
  process.stderr.write(`Started the PostgreSQL in ${path.resolve(dataDir)} for these statements\n`);
  return { address: started.connection, stop: () => started.stop() };
};

const statements = await text(process.stdin);
const { address, stop } =
  config.databaseUrl === undefined
    ? await own().catch(give)
    : { address: { url: config.databaseUrl }, stop: () => Promise.resolve() };
const pool = createPool({
  ...{ address, schema: config.pgSchema, max: 1, applicationName: `citizen-sql ${process.pid}` },
  onConnectionError: (error) => process.stderr.write(`${error.message}\n`),
});
try {
  for (const { command, rowCount, rows } of [await pool.query(statements)].flat()) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    if (command !== null) process.stderr.write(`${command}${rowCount === null ? '' : ` ${rowCount}`}\n`);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await pool.end();
  await stop();
}
