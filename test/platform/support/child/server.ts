// A server as small as can be: starts the embedded PostgreSQL on the folder given and says how it went, one JSON object a
// line. SIGTERM stops it in order; "exit" on its input ends it without a stop.
import { readdirSync } from 'node:fs';
import { startEmbeddedPostgres } from '../../../../src/platform/embedded-postgres/index.js';
import { createLogger } from '../../../../src/platform/logging.js';
import { postgresUrl } from '../../../../src/platform/postgres-pool.js';
import { isStartupError } from '../../../../src/platform/startup-error.js';

const [dataDir = '', minFreeDiskBytes = '0'] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const began = performance.now();
try {
  const logger = createLogger({ logLevel: 'warn' });
  const postgres = await startEmbeddedPostgres({ dataDir, minFreeDiskBytes: Number(minFreeDiskBytes), logger });
  process.once('SIGTERM', () => {
    void postgres.stop().then(() => process.exit(0));
  });
  process.stdin.once('data', () => process.exit(3));
  say({ url: postgresUrl(postgres.connection), postmaster: postgres.pid(), ms: Math.round(performance.now() - began) });
} catch (error) {
  const left = (() => {
    try {
      return readdirSync(dataDir).sort();
    } catch {
      return [];
    }
  })();
  say({ code: isStartupError(error) ? error.code : 'unexpected', message: String(error), left });
  process.exitCode = 1;
}
