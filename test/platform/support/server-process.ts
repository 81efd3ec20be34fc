import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import pg from 'pg';
import { vi } from 'vitest';
import { readPostmasterFile } from '../../../src/platform/embedded-postgres/postmaster-file.js';
import { removeSocketFolder } from '../../../src/platform/embedded-postgres/socket-folder.js';
import { isAlive, processState } from '../../../src/platform/embedded-postgres/process-state.js';
import type { Installation } from './installation.js';

export const isRoot = process.getuid?.() === 0;
/** The ordinary user of these tests: ourselves, or `nobody` when we are root. */
export const ordinary = isRoot ? { uid: 65_534, gid: 65_534 } : {};
export type User = { readonly uid?: number; readonly gid?: number };

export interface Started {
  readonly url: string;
  readonly postmaster: number;
  readonly ms: number;
}
export interface Refused {
  readonly code: string;
  readonly message: string;
  /** Names left in DATA_DIR. */
  readonly left: readonly string[];
}

export interface ServerProcess {
  readonly process: ChildProcess;
  /** Resolves when it serves; rejects when it refuses to start. */
  started(): Promise<Started>;
  /** Resolves when it refuses to start; rejects when it starts. */
  refused(): Promise<Refused>;
  /** Ends it with a signal and waits; gives the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a server process; `wrapper` is a command line in front of it. */
export function startServer(
  installation: Installation,
  about: { dataDir: string; as?: User; minFree?: number; env?: NodeJS.ProcessEnv; wrapper?: readonly string[] },
): ServerProcess {
  const command = [
    ...(about.wrapper ?? []),
    ...[process.execPath, installation.program, about.dataDir, String(about.minFree ?? 0)],
  ];
  const child = spawn(command[0]!, command.slice(1), {
    ...about.as,
    cwd: '/',
    env: { ...process.env, ...about.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const first = new Promise<Started | Refused>((resolve, reject) => {
    readline.createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as Started | Refused));
    void exited.then((code) => reject(new Error(`The server ended with ${String(code)} and said nothing`)));
  });
  first.catch(() => undefined);
  return {
    process: child,
    async started() {
      const line = await first;
      if ('code' in line) throw new Error(`${line.code}: ${line.message}`);
      return line;
    },
    async refused() {
      const line = await first;
      if (!('code' in line)) throw new Error('The server has started');
      await exited;
      return line;
    },
    async end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** A new empty folder that belongs to the user. */
export function folderOf(user: User): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'citizen-data-'));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!);
  return folder;
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Resolves when a process is gone. */
export async function goneFor(pid: number): Promise<void> {
  await vi.waitFor(
    async () => {
      if (await isAlive(pid)) throw new Error(`Process ${pid} still runs`);
    },
    { timeout: 60_000, interval: 20 },
  );
}

/** Ends the PostgreSQL that runs on a DATA_DIR, if any, and removes the folder and the socket. */
export async function cleanUp(dataDir: string): Promise<void> {
  const found = await readPostmasterFile(path.join(dataDir, 'postgres'));
  if (found !== undefined && (await processState(found.pid)) === 'postgres') {
    process.kill(found.pid, 'SIGQUIT');
    await goneFor(found.pid);
  }
  if (found !== undefined) await removeSocketFolder(found.host);
  rmSync(dataDir, { recursive: true, force: true });
}
