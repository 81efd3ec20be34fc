import path from 'node:path';
import { explainStartError, prepareDataDir } from '../data-dir.js';
import type { Logger } from '../logging.js';
import { chooseAccount } from './account.js';
import { claimCluster, createCluster, inspectCluster } from './cluster.js';
import { superuser } from './connection.js';
import { takeOwnership } from './ownership.js';
import { obtainPostmaster, stopPostmaster, type Cluster } from './postmaster.js';
import { findPrograms } from './programs.js';
import { serverLog } from './server-log.js';
import { supervise } from './supervisor.js';

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Least free space, in bytes, with which a start is tried. */
  readonly minFreeDiskBytes: number;
  readonly logger: Logger;
  /** How long a start may take, in ms, recovery after a crash included. Default 120,000. */
  readonly startTimeoutMs?: number;
  /** Told when PostgreSQL has ended and could not be started again: the server should end, too. */
  readonly onGaveUp?: (error: unknown) => void;
}

/** A PostgreSQL of our own, on the data in DATA_DIR. */
export interface EmbeddedPostgres {
  /** Where it is; stays the same when it has to be started again. */
  readonly connection: EmbeddedConnection;
  /** Process id of the postmaster now. */
  pid(): number;
  /**
   * Stops it in order, by force after `timeoutMs` (default 6,000). Calling twice is calling once.
   */
  stop(timeoutMs?: number): Promise<void>;
}

export interface EmbeddedConnection {
  /** Folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

const database = 'citizen';
const stopTimeoutMs = 6000;

/**
 * Starts the embedded PostgreSQL on DATA_DIR, or takes over the one that a killed server left running there. While it
 * runs, a PostgreSQL that dies is started again.
 *
 * Works as an ordinary user and as root (PostgreSQL then runs as another user). One server per DATA_DIR.
 * @throws StartupError `data_dir_in_use`, `data_dir_unwritable`, `data_dir_not_ours`, `data_dir_other_version`,
 *         `disk_full`, `postgres_not_found`, `postgres_start_failed`; the data is unharmed
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await prepareCluster(options);
  const postmaster = await obtainPostmaster(cluster);
  // Whoever owns the folder goes on using this PostgreSQL, so it is not stopped when the folder is not ours.
  await takeOwnership(postmaster.client, cluster.dataDir).catch(async (error: unknown) => {
    await postmaster.client.end().catch(() => undefined);
    throw error;
  });
  await createDatabase(postmaster.client).catch(async (error: unknown) => {
    await stopPostmaster(postmaster, stopTimeoutMs);
    throw await explainStartError(error, cluster.dataDir);
  });
  cluster.logger.info(
    { postmaster: postmaster.pid, version: cluster.programs.major, takenOver: !postmaster.startedHere },
    'The embedded PostgreSQL is running',
  );
  const supervisor = supervise(cluster, postmaster, (error) => options.onGaveUp?.(error));
  return {
    connection: { host: postmaster.host, port: postmaster.port, user: superuser, database },
    pid: supervisor.pid,
    stop: (timeoutMs = stopTimeoutMs) => supervisor.stop(timeoutMs),
  };
}

async function prepareCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
  const dataDir = await prepareDataDir(options.dataDir, options.minFreeDiskBytes);
  const folder = path.join(dataDir, 'postgres');
  const wanted = await inspectCluster(folder);
  const account = await chooseAccount([folder, dataDir]);
  const programs = await findPrograms({ account, dataDir, wanted });
  if (wanted === undefined) {
    options.logger.info({ version: programs.major }, 'Making a new PostgreSQL database in DATA_DIR');
    await createCluster(folder, programs, account);
  }
  await claimCluster(folder, account);
  const { logger, startTimeoutMs = 120_000 } = options;
  return { dataDir, folder, account, programs, log: serverLog(dataDir), logger, startTimeoutMs };
}

async function createDatabase(client: Parameters<typeof takeOwnership>[0]): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
}
