import { setTimeout as delay } from 'node:timers/promises';
import { isStartupError, startupError } from '../startup-error.js';
import { takeOwnership } from './ownership.js';
import { obtainPostmaster, signalPostmaster, stopPostmaster, type Cluster, type Postmaster } from './postmaster.js';
import { removeSocketFolder, removeSocketFolderAtExit } from './socket-folder.js';

export interface Supervisor {
  readonly pid: () => number;
  readonly stop: (timeoutMs: number) => Promise<void>;
}

/** So many restarts within a minute mean that another one will not help either. */
const mostRestarts = 5;
const restartWindowMs = 60_000;
const firstPauseMs = 100;
const trimEveryMs = 60_000;

/**
 * Watches over a running PostgreSQL that this process owns: starts it again, at the same place, when it dies, and stops it
 * with this process.
 * @param onGaveUp told once, when restarting did not help or another server has taken the folder over
 */
export function supervise(cluster: Cluster, first: Postmaster, onGaveUp: (error: unknown) => void): Supervisor {
  const { logger } = cluster;
  const restarts: number[] = [];
  let postmaster = first;
  let stopping: Promise<void> | undefined;
  let recovering: Promise<void> | undefined;
  // Given up: what runs on the folder now, if anything, is not ours to stop.
  let lost = false;

  // If this process just ends, PostgreSQL must not stay behind.
  const endWithUs = (): void => {
    if (lost) return;
    signalPostmaster(postmaster.pid, 'SIGINT');
    removeSocketFolderAtExit(postmaster.host);
  };
  process.once('exit', endWithUs);
  const trimmer = setInterval(() => void cluster.log.trim().catch(() => undefined), trimEveryMs).unref();

  const watch = (): void => {
    // The connection that holds our lock ends when PostgreSQL does, at once.
    postmaster.client.once('end', () => {
      if (stopping === undefined) recovering = recover();
    });
  };

  const recover = async (): Promise<void> => {
    logger.error({ postmaster: postmaster.pid }, 'The embedded PostgreSQL has ended unexpectedly; starting it again');
    let lastError: unknown;
    for (;;) {
      const now = performance.now();
      const recent = restarts.filter((at) => now - at < restartWindowMs).length;
      if (recent >= mostRestarts) break;
      restarts.push(now);
      if (recent > 0) await delay(firstPauseMs * 2 ** recent);
      if (stopping !== undefined) return;
      try {
        postmaster = await restart(cluster, postmaster);
        logger.warn({ postmaster: postmaster.pid }, 'The embedded PostgreSQL is running again');
        watch();
        return;
      } catch (error) {
        logger.error({ err: error }, 'The embedded PostgreSQL could not be started again');
        lastError = error;
        if (isStartupError(error) && error.code === 'data_dir_in_use') break;
      }
    }
    lost = true;
    // One who has taken the folder over may be using the same socket.
    if (!(isStartupError(lastError) && lastError.code === 'data_dir_in_use')) await removeSocketFolder(postmaster.host);
    onGaveUp(lastError ?? startupError('postgres_start_failed', 'The embedded PostgreSQL keeps ending.'));
  };

  const stop = async (timeoutMs: number): Promise<void> => {
    clearInterval(trimmer);
    const settled = await Promise.race([recovering?.then(() => true) ?? true, delay(timeoutMs, false, { ref: false })]);
    if (!lost) await stopPostmaster(postmaster, timeoutMs);
    await postmaster.client.end().catch(() => undefined);
    // A restart that is still under way is ended with the process.
    if (settled) process.removeListener('exit', endWithUs);
  };

  watch();
  return {
    pid: () => postmaster.pid,
    stop: (timeoutMs) => (stopping ??= stop(timeoutMs)),
  };
}

async function restart(cluster: Cluster, old: Postmaster): Promise<Postmaster> {
  const next = await obtainPostmaster(cluster, { host: old.host, port: old.port });
  try {
    if (next.host !== old.host) throw startupError('data_dir_in_use', 'Another server has taken DATA_DIR over.');
    await takeOwnership(next.client, cluster.dataDir);
    return next;
  } catch (error) {
    await next.client.end().catch(() => undefined);
    throw error;
  }
}
