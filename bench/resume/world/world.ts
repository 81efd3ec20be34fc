import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { freePort, startServerProcess, type ServerProcess } from '../../../demo/server-process.js';
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres/index.js';
import { postgresUrl } from '../../../src/platform/postgres-pool.js';

/** Server processes on one PostgreSQL, which is nobody's child but the benchmark's. */
export interface World {
  readonly databaseUrl: string;
  /** Environment of every process that belongs to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly bases: readonly string[];
  server(index: number): ServerProcess;
  /** Sends the signal and waits for the end. */
  stop(index: number, signal: NodeJS.Signals): Promise<void>;
  /** Starts that server again on its port. */
  restart(index: number): Promise<void>;
  close(): Promise<void>;
}

const logger = pino({ level: 'error' });

const isRunning = ({ child }: ServerProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * Starts so many built servers (`dist/main.js`), without rate limits, as all citizens come from one address.
 * @param prepare done before the servers start, with the environment that they will have
 */
export const startWorld = async (
  servers: number,
  settings: Record<string, string> = {},
  prepare?: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<World> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'citizen-bench-'));
  const database = await startEmbeddedPostgres({ dataDir: path.join(folder, 'database'), minFreeDiskBytes: 0, logger });
  const dataDir = path.join(folder, 'data');
  const databaseUrl = postgresUrl(database.connection);
  const env = {
    DATABASE_URL: databaseUrl,
    MASTER_KEY: randomBytes(32).toString('hex'),
    DATA_DIR: dataDir,
    RATE_LIMITS: 'off',
    // Checking access keys is meant to be slow; it is not what is measured here.
    ACCESS_KEY_SCRYPT_LOG2N: '10',
    ...settings,
  };
  const ports: number[] = [];
  const running: ServerProcess[] = [];
  const at = (index: number): ServerProcess => {
    const server = running[index];
    if (server === undefined) throw new Error(`There is no server ${index}`);
    return server;
  };
  const start = async (index: number): Promise<void> => {
    running[index] = await startServerProcess(ports[index] ?? 0, dataDir, env);
  };
  const close = async (): Promise<void> => {
    for (const server of running) if (isRunning(server)) await server.kill('SIGTERM');
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await prepare?.(env);
    for (let index = 0; index < servers; index++) {
      ports.push(await freePort());
      await start(index);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    databaseUrl,
    env,
    bases: ports.map((port) => `http://127.0.0.1:${port}`),
    server: at,
    stop: async (index, signal) => {
      if (isRunning(at(index))) await at(index).kill(signal);
    },
    restart: start,
    close,
  };
};
