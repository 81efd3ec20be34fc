import { randomBytes } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { errorCode } from '../data-dir.js';

/** The folder `native` of the npm package for this platform: `bin`, `lib`, `share`. */
export interface PackagedPrograms {
  readonly native: string;
  readonly version: string;
}

interface File {
  /** Path inside the copy. */
  readonly name: string;
  readonly size: number;
  readonly executable: boolean;
}
interface Link {
  readonly name: string;
  /** What it points to, relative to its own folder. */
  readonly target: string;
}
interface Contents {
  readonly files: readonly File[];
  readonly links: readonly Link[];
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
/** For building programs against PostgreSQL and for reading; the server needs none of it. */
const unneeded = /(\.a$|\/pkgconfig\/|^share\/(doc|man)\/|\/pgxs\/)/;
const abandonedAfterMs = 3_600_000;

/** Links that the package's install script would make; npm packages cannot carry links, and we do without the script. */
async function listedLinks({ native }: PackagedPrograms): Promise<Link[]> {
  const file = path.join(native, 'pg-symlinks.json');
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return linkList.parse(JSON.parse(text)).map(({ source, target }) => ({
    name: path.relative('native', target),
    target: path.relative(path.dirname(target), source),
  }));
}

/** Whether the package lacks links that its programs need, because its install script has not run. */
export async function linksAreMissing(packaged: PackagedPrograms): Promise<boolean> {
  const links = await listedLinks(packaged);
  const found = await Promise.all(links.map((link) => readlink(path.join(packaged.native, link.name)).catch(() => '')));
  return found.some((target) => target === '');
}

/**
 * Gives a complete copy of the programs inside `parent`, links included, made once per version and then used again. Only
 * the user of this process can write in it; everybody can read and run it if this user is root.
 *
 * The copy is made under another name and renamed when whole, so that no process ever runs half of it.
 * @returns the folder that holds `bin`, `lib` and `share`
 * @throws when `parent` or what is in it cannot be trusted or written
 */
export async function stageCopy(packaged: PackagedPrograms, parent: string): Promise<string> {
  const owner = process.getuid?.() ?? 0;
  const name = `citizen-postgres-${packaged.version}-${process.platform}-${process.arch}-${owner}`;
  const target = path.join(parent, name);
  await refuseUntrustedParent(parent, owner);
  const contents = await contentsOf(packaged);
  if (await isWholeCopy(target, contents, owner)) return target;
  await removeAbandoned(parent, name);
  const draft = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    await copyContents(packaged.native, draft, contents, owner === 0 ? 0o755 : 0o700);
    await putInPlace(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await isWholeCopy(target, contents, owner))) throw new Error(`${target} cannot be used`);
  return target;
}

/** Others must not be able to put something else in the place of our copy. */
async function refuseUntrustedParent(parent: string, owner: number): Promise<void> {
  const { uid, mode } = await lstat(parent);
  const sticky = (mode & 0o1000) !== 0;
  const othersWrite = (mode & 0o022) !== 0;
  if ((uid !== 0 && uid !== owner) || (othersWrite && !sticky)) throw new Error(`${parent} belongs to others`);
}

async function contentsOf(packaged: PackagedPrograms): Promise<Contents> {
  const names = (await readdir(packaged.native, { recursive: true })).filter(
    (name) => /^(bin|lib|share)\//.test(name) && !unneeded.test(name),
  );
  const found = await Promise.all(
    names.map(async (name): Promise<File | undefined> => {
      const at = await lstat(path.join(packaged.native, name));
      const executable = (at.mode & 0o111) !== 0 || name.startsWith('bin/');
      return at.isFile() ? { name, size: at.size, executable } : undefined;
    }),
  );
  const files = found.filter((file) => file !== undefined);
  return { files, links: await listedLinks(packaged) };
}

async function isWholeCopy(folder: string, { files, links }: Contents, owner: number): Promise<boolean> {
  const top = await lstat(folder).catch(() => undefined);
  if (top === undefined) return false;
  if (!top.isDirectory() || top.uid !== owner || (top.mode & 0o022) !== 0) {
    throw new Error(`${folder} was not made by this user`);
  }
  const sizes = await Promise.all(
    files.map(async ({ name, size }) => (await lstat(path.join(folder, name)).catch(() => undefined))?.size === size),
  );
  const targets = await Promise.all(
    links.map(async ({ name, target }) => (await readlink(path.join(folder, name)).catch(() => '')) === target),
  );
  return [...sizes, ...targets].every(Boolean);
}

async function copyContents(from: string, to: string, { files, links }: Contents, folderMode: number): Promise<void> {
  const folders = new Set([...files, ...links].map(({ name }) => path.dirname(name)));
  await mkdir(to, { mode: 0o700 });
  for (const folder of [...folders].sort()) await mkdir(path.join(to, folder), { recursive: true });
  await Promise.all(
    files.map(async ({ name, executable }) => {
      await copyFile(path.join(from, name), path.join(to, name));
      await chmod(path.join(to, name), executable ? 0o755 : 0o644);
    }),
  );
  for (const { name, target } of links) await symlink(target, path.join(to, name));
  // Said explicitly because the umask may have taken rights away.
  for (const folder of folders) {
    for (let at = folder; at !== '.'; at = path.dirname(at)) await chmod(path.join(to, at), 0o755);
  }
  await chmod(to, folderMode);
}

async function putInPlace(draft: string, target: string): Promise<void> {
  try {
    await rename(draft, target);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    // An incomplete copy of ours, or another process was faster; either way ours is whole.
    const old = `${draft}-old`;
    await rename(target, old);
    await rename(draft, target).finally(() => rm(old, { recursive: true, force: true }));
  }
}

/** Drafts of processes that were killed while copying. */
async function removeAbandoned(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(`${name}.`)) continue;
    const draft = path.join(parent, entry);
    const { mtimeMs } = await lstat(draft);
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(draft, { recursive: true, force: true });
  }
}
