import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../data-dir.js';

const run = promisify(execFile);

/**
 * What runs under a process id. A `zombie` has ended but its parent has not taken notice: signals still reach it, so that
 * PostgreSQL would believe that it lives (seen in containers whose first process does not reap).
 */
export type ProcessState = 'gone' | 'zombie' | 'postgres' | 'other';

/** Looks up a process: in /proc on Linux, with `ps` elsewhere. */
export async function processState(pid: number): Promise<ProcessState> {
  if (!Number.isInteger(pid) || pid <= 0) return 'gone';
  return process.platform === 'linux' ? stateFromProc(pid) : stateFromPs(pid);
}

/** Whether a process with this id lives. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state === 'postgres' || state === 'other';
}

async function stateFromProc(pid: number): Promise<ProcessState> {
  try {
    // "123 (name) S …"; the name itself may hold parentheses.
    const [, name, letter] = /^\d+ \((.*)\) (\S)/s.exec(await readFile(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return classify(letter ?? '', name ?? '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return 'gone';
    throw error;
  }
}

async function stateFromPs(pid: number): Promise<ProcessState> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,comm=', '-p', String(pid)]);
    const [, letter, name] = /^\s*(\S)\S*\s+(.*?)\s*$/s.exec(stdout) ?? [];
    return letter === undefined ? 'gone' : classify(letter, name ?? '');
  } catch {
    return 'gone';
  }
}

function classify(letter: string, name: string): ProcessState {
  if (letter === 'Z' || letter === 'X') return 'zombie';
  return /(^|\/)postgres$/.test(name) ? 'postgres' : 'other';
}
