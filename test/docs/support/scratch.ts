import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../../demo/server-process.js';

const run = promisify(execFile);
const root = repositoryRoot();
/** What a page on the server's code needs of the repository; of `test` only what the tests in `src` are written with. */
const parts = [
  ...['src', 'demo', 'scripts', 'test', 'client/src', 'client/package.json'],
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts'],
];
const [FIRST_LOOK_MS, LONGEST_MS] = [50, 240_000];

/** A copy of the repository to try a page of the documentation in, with a server of its own. */
export interface Scratch {
  readonly folder: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Runs lines of shell. Gives what they print; fails with all of it when one of them does. */
  sh(text: string): Promise<string>;
  /** Starts the server as `npm start` does, after it has stopped the one before; ready when `/readyz` says so. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const isNeeded = (source: string): boolean => {
  const [top, ...rest] = path.relative(root, source).split(path.sep);
  if (top !== 'test') return true;
  return rest[0] !== 'browser' && (rest.includes('support') || statSync(source).isDirectory());
};

/** The tests' own settings are nothing for the programs that a reader starts. */
const outside = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV$|TEST$)/.test(name)));

/** The packages, without the caches of builds and tests, which belong to the repository. */
function linkPackages(folder: string): void {
  const target = path.join(folder, 'node_modules');
  mkdirSync(target);
  for (const name of readdirSync(path.join(root, 'node_modules')))
    if (name === '.bin' || !name.startsWith('.'))
      symlinkSync(path.join(root, 'node_modules', name), path.join(target, name));
}

/** @param settings of the server, and of every command: at least PORT, DATA_DIR and DATABASE_URL */
export function makeScratch(settings: Readonly<Record<string, string>>): Scratch {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.cache', 'scratch-'));
  for (const part of parts)
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true, filter: isNeeded });
  // As old as can be: the web application, which is not here, shall not be built anew for them.
  for (const name of readdirSync(path.join(folder, 'client'), { recursive: true, encoding: 'utf8' }))
    utimesSync(path.join(folder, 'client', name), 0, 0);
  linkPackages(folder);
  const env = { ...outside(), LOG_LEVEL: 'warn', HOST: '127.0.0.1', ...settings };
  const at = (file: string): string => path.join(folder, file);
  const state: { server?: ChildProcess } = {};

  const stop = async (): Promise<void> => {
    const { server } = state;
    delete state.server;
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    // npm and what it started: the group is theirs alone.
    process.kill(-server.pid, 'SIGTERM');
    await ended;
  };

  return {
    folder,
    read: (file) => readFileSync(at(file), 'utf8'),
    write: (file, text) => writeFileSync(at(file), text),
    sh: async (text) => {
      try {
        return (await run('sh', ['-ec', text], { cwd: folder, env, timeout: LONGEST_MS })).stdout;
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
        throw new Error(`${text}\n${stdout}${stderr}`, { cause: error });
      }
    },
    async restart() {
      await stop();
      const server = spawn('npm', ['start'], {
        cwd: folder,
        env,
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      state.server = server;
      const isReady = (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${settings['PORT'] ?? ''}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isReady())) {
        if (server.exitCode !== null) throw new Error(`npm start ended with code ${server.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, FIRST_LOOK_MS));
      }
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A file after a change that is shown as a diff: `-` goes, `+` comes, anything else must be there as it stands, once. Parts of the
 * file that lie apart are divided by `@@`.
 */
export function patched(file: string, diff: string): string {
  return diff.split(/^@@.*\n/m).reduce((text, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (other: string): string =>
      lines.flatMap((line) => (line.startsWith(other) ? [] : `${line.slice(1)}\n`)).join('');
    const [before, ...after] = text.split(side('+'));
    if (after.length !== 1)
      throw new Error(`These lines must be in the file once, and are ${after.length} times:\n${hunk}`);
    return `${before ?? ''}${side('-')}${after[0] ?? ''}`;
  }, file);
}
