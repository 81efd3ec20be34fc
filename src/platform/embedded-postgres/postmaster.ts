import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { diskFull } from '../data-dir.js';
import type { Logger } from '../logging.js';
import { startupError, type StartupError } from '../startup-error.js';
import type { Account } from './account.js';
import { servesFolder, tryConnect, type Socket } from './connection.js';
import { ended, launch } from './launch.js';
import { postmasterFilePath, readPostmasterFile, type PostmasterFile } from './postmaster-file.js';
import { isAlive, processState } from './process-state.js';
import type { Programs } from './programs.js';
import type { ServerLog } from './server-log.js';
import { serverArguments } from './server-options.js';
import { makeSocketFolder, removeSocketFolder, restoreSocketFolder } from './socket-folder.js';

/** A data directory and what is needed to run PostgreSQL on it. */
export interface Cluster {
  readonly dataDir: string;
  /** The data directory of PostgreSQL, inside DATA_DIR. */
  readonly folder: string;
  readonly account: Account | undefined;
  readonly programs: Programs;
  readonly log: ServerLog;
  readonly logger: Logger;
  /** How long a start may take, in ms, recovery after a crash included. */
  readonly startTimeoutMs: number;
}

/** A running PostgreSQL, and a connection to it. */
export interface Postmaster extends Socket {
  readonly pid: number;
  readonly client: pg.Client;
  /** `false` when it was found running, left over from a server that was killed. */
  readonly startedHere: boolean;
}

/** How long another process may hold the data directory without answering, in ms. */
const conflictPatienceMs = 20_000;
const pollMs = 20;
const port = 5432;

/**
 * Gives a running PostgreSQL on the cluster: the one that runs there already, else a new one. Nothing is forced: what a
 * crash left behind is PostgreSQL's own to judge, and a start that it refuses because old processes still end is repeated.
 * @param socket where it is to listen if it must be started; unset: in a new folder
 * @throws StartupError `postgres_start_failed`, `disk_full`, `data_dir_not_ours`, `data_dir_other_version`
 */
export async function obtainPostmaster(cluster: Cluster, socket?: Socket): Promise<Postmaster> {
  const began = performance.now();
  let lastWords = '';
  for (;;) {
    const outcome = await attempt(cluster, socket);
    if ('client' in outcome) return outcome;
    if (outcome.lastWords !== undefined) lastWords = outcome.lastWords;
    const patience = outcome.blocked ? conflictPatienceMs : cluster.startTimeoutMs;
    if (performance.now() - began > patience) {
      throw failed(
        outcome.blocked
          ? `Another PostgreSQL process holds ${cluster.folder} and does not answer. If none runs there, remove postmaster.pid in it.`
          : 'PostgreSQL is still recovering. It goes on; start the server again a little later.',
        lastWords,
      );
    }
    await delay(pollMs);
  }
}

interface NotYet {
  /** Another process is in the way; `false`: it answers that it is starting or stopping. */
  readonly blocked: boolean;
  readonly lastWords?: string;
}

async function attempt(cluster: Cluster, socket: Socket | undefined): Promise<Postmaster | NotYet> {
  const found = await readPostmasterFile(cluster.folder);
  if (found === undefined) return startPostmaster(cluster, socket);
  const state = await processState(found.pid);
  if (state === 'postgres') return adopt(cluster, found, socket);
  if (state !== 'gone') {
    // The number now belongs to another program, or to a process that has ended and was not reaped. PostgreSQL cannot tell
    // and would refuse for ever. It still refuses if a process of the old server uses the shared memory.
    await rm(postmasterFilePath(cluster.folder), { force: true });
  }
  if (found.host !== socket?.host && (await isSilent(found))) await removeSocketFolder(found.host);
  return startPostmaster(cluster, socket);
}

/** Whether nobody answers there: a copy of DATA_DIR names the socket of the original, which may be running. */
async function isSilent(socket: Socket): Promise<boolean> {
  const result = await tryConnect(socket);
  if (result.state === 'connected') await result.client.end();
  return result.state === 'silent';
}

async function adopt(
  cluster: Cluster,
  found: PostmasterFile,
  socket: Socket | undefined,
): Promise<Postmaster | NotYet> {
  const result = await tryConnect(found);
  if (result.state !== 'connected') return { blocked: result.state === 'silent' };
  if (await servesFolder(result.client, cluster.folder, cluster.account)) {
    return { ...found, client: result.client, startedHere: false };
  }
  await result.client.end();
  // A copied folder: the file speaks of the server of the original.
  await rm(postmasterFilePath(cluster.folder), { force: true });
  return startPostmaster(cluster, socket);
}

async function startPostmaster(cluster: Cluster, wanted: Socket | undefined): Promise<Postmaster | NotYet> {
  const { account, folder, log, programs } = cluster;
  const socket = wanted ?? { host: await makeSocketFolder(account), port };
  if (wanted !== undefined) await restoreSocketFolder(wanted.host, account);
  await log.trim();
  const before = await log.size();
  const output = await log.open();
  const program = path.join(programs.bin, 'postgres');
  const child = await launch({ program, args: serverArguments(socket), folder, account, output: output.fd }).finally(
    () => output.close(),
  );
  child.unref();
  const result = await connectedOrEnded(cluster, child, socket);
  if (typeof result !== 'string') return result;
  if (wanted === undefined) await removeSocketFolder(socket.host);
  const lastWords = await log.since(before);
  if (/lock file ".*postmaster\.pid" (already exists|is empty)|shared memory block .*still in use/.test(lastWords)) {
    return { blocked: true, lastWords };
  }
  throw explainEnd(cluster, result, lastWords);
}

/** The running server, or in a word how its process ended. */
async function connectedOrEnded(cluster: Cluster, child: ChildProcess, socket: Socket): Promise<Postmaster | string> {
  const deadline = performance.now() + cluster.startTimeoutMs;
  let end: string | undefined;
  void ended(child).then((how) => (end = how));
  for (;;) {
    await delay(pollMs);
    if (end !== undefined) return end;
    const result = await tryConnect(socket);
    if (result.state === 'connected' && child.pid !== undefined) {
      return { ...socket, pid: child.pid, client: result.client, startedHere: true };
    }
    if (performance.now() > deadline) {
      throw failed('PostgreSQL is still recovering. It goes on; start the server again a little later.', '');
    }
  }
}

function explainEnd(cluster: Cluster, how: string, lastWords: string): StartupError {
  if (/No space left on device|Disk quota exceeded/.test(lastWords)) return diskFull(cluster.dataDir);
  if (/database files are incompatible with server/.test(lastWords)) {
    return startupError(
      'data_dir_other_version',
      `The data in ${cluster.folder} was made by another version of PostgreSQL. Nothing was changed.\n${lastWords}`,
    );
  }
  return failed(`PostgreSQL ended while starting (${how}).`, lastWords);
}

const failed = (message: string, lastWords: string): StartupError =>
  startupError('postgres_start_failed', lastWords === '' ? message : `${message} Its last words:\n${lastWords}`);

/**
 * Stops a PostgreSQL: fast (open transactions are rolled back, everything is written), and if that takes longer than
 * `timeoutMs`, at once (nothing acknowledged is lost; the next start recovers).
 */
export async function stopPostmaster(postmaster: Postmaster, timeoutMs: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', timeoutMs],
    ['SIGQUIT', 2000],
  ] as const) {
    // Asked each time: the number may belong to somebody else by now.
    if ((await processState(postmaster.pid)) !== 'postgres') break;
    signalPostmaster(postmaster.pid, signal);
    const deadline = performance.now() + patienceMs;
    while ((await isAlive(postmaster.pid)) && performance.now() < deadline) await delay(pollMs);
  }
  await removeSocketFolder(postmaster.host);
}

/** Sends a signal; a process that has ended already is no error. */
export function signalPostmaster(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
