import { spawn } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../demo/server-process.js';
import { peakResidentBytes } from '../support/memory.js';

export interface CommandEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** From before the process was started to its end. */
  readonly ms: number;
  /** Most memory that it held, looked at every 100 ms; NaN where nobody can tell. */
  readonly peakBytes: number;
}

export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandEnd>;
  hasEnded(): boolean;
  /** As Ctrl-C does. */
  interrupt(): void;
  kill(): void;
}

const LOOK_EVERY_MS = 100;

/** As `npm run citizen` starts it. */
export const nodeFlags = ['--max-semi-space-size=64'];

/** For commands whose own speed counts, and not what citizens notice of them. */
export const FULL_SPEED: readonly string[] = ['--max-load', '100'];

/** Starts the built `citizen` command with these arguments, in a process of its own. */
export const startCommand = (env: Readonly<Record<string, string>>, args: readonly string[]): RunningCommand => {
  const from = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeFlags, path.join(repositoryRoot(), 'dist', 'cli', 'citizen.js'), ...args],
    { env: { ...process.env, ...env, LOG_LEVEL: 'warn' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const pid = child.pid ?? 0;
  let [out, err, peakBytes, isOver] = ['', '', Number.NaN, false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const looking = setInterval(() => {
    const now = peakResidentBytes(pid);
    if (!Number.isNaN(now)) peakBytes = now;
  }, LOOK_EVERY_MS);
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(looking);
      isOver = true;
      resolve({ code, out, err, ms: performance.now() - from, peakBytes });
    });
  });
  return {
    ...{ pid, ended, hasEnded: () => isOver },
    ...{ interrupt: () => void child.kill('SIGINT'), kill: () => void child.kill('SIGKILL') },
  };
};

/**
 * Runs it to its end.
 * @throws Error with what it said, when its exit code is not 0
 */
export const runCommand = async (
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CommandEnd> => {
  const end = await startCommand(env, args).ended;
  if (end.code !== 0) throw new Error(`citizen ${args.join(' ')} ended with ${end.code}: ${end.out}${end.err}`);
  return end;
};
