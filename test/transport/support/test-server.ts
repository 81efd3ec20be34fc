import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../src/platform/config.js';
import { createLogger } from '../../../src/platform/logging.js';
import { deriveKey } from '../../../src/platform/secrets.js';
import { createSessionTokens } from '../../../src/transport/session-token.js';
import { startServer, type RunningServer, type ServerOptions } from '../../../src/server.js';
import { freshDatabase } from '../../support/database.js';

const MASTER_KEY = Buffer.alloc(32, 7);

/** A whole server over a database of its own, in this process. */
export interface TestServer {
  readonly port: number;
  readonly metricsPort: number | null;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Every log line so far, as it was written. */
  readonly logLines: readonly string[];
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** As in the setting MASTER_KEY. */
  readonly masterKey: string;
  /** Stops the server and starts it again on the same database and folder; the port is another one. */
  restart(): Promise<void>;
  stopServer(): Promise<void>;
  /** Another process, as it were: a second server on the same database and folder. `drop` stops it too. */
  startBeside(options?: ServerOptions): Promise<{ readonly url: string; stop(): Promise<void> }>;
  /** A session token that was issued for one minute and ended so many seconds ago. */
  tokenOf(sessionId: string, endedSecondsAgo: number): Promise<string>;
  /** Stops the server and removes everything. */
  drop(): Promise<void>;
}

/** `env` are settings over those of the tests. */
export const startTestServer = async (
  env: Readonly<Record<string, string>> = {},
  given: ServerOptions = {},
): Promise<TestServer> => {
  const database = await freshDatabase();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'citizen-transport-'));
  // Whether the web application happens to be built must not matter here.
  const options = { siteFolder: path.join(dataDir, 'no-site'), ...given };
  const logLines: string[] = [];
  const config = loadConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    MASTER_KEY: MASTER_KEY.toString('base64'),
    ACCESS_KEY_SCRYPT_LOG2N: '10',
    MIN_FREE_DISK_BYTES: '0',
    DEBUG: 'websocket:*',
    ...env,
  });
  const logger = createLogger({ logLevel: 'debug' }, { write: (line: string) => void logLines.push(line) });
  let server = await startServer(config, logger, options);
  const others: RunningServer[] = [];
  return {
    get port() {
      return server.port;
    },
    get metricsPort() {
      return server.metricsPort;
    },
    get url() {
      return `http://127.0.0.1:${server.port}`;
    },
    logLines,
    dataDir,
    databaseUrl: database.url,
    masterKey: MASTER_KEY.toString('base64'),
    restart: async () => {
      await server.stop();
      server = await startServer(config, logger, options);
    },
    tokenOf: async (sessionId, endedSecondsAgo) => {
      const key = deriveKey(MASTER_KEY, 'session-token');
      const clock = { now: () => new Date(Date.now() - (endedSecondsAgo + 60) * 1000) };
      return (await createSessionTokens({ key, ttlS: 60, clock }).issue(sessionId)).token;
    },
    stopServer: () => server.stop(),
    startBeside: async (beside = options) => {
      const other = await startServer(config, logger, beside);
      others.push(other);
      return { url: `http://127.0.0.1:${other.port}`, stop: () => other.stop() };
    },
    drop: async () => {
      await Promise.all([server, ...others].map((one) => one.stop()));
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
