import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { repositoryRoot } from '../../../demo/server-process.js';

const run = promisify(execFile);
const root = repositoryRoot();
const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const quiet = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };

/** A site on disk, inside the repository so that it finds `node_modules`, under a name that nothing else looks at. */
export interface Site {
  readonly folder: string;
  readonly remove: () => void;
}

/** Puts the client where npm would, built from its source (its own `dist/` belongs to other tests, which rebuild it). */
const installClient = async (folder: string): Promise<void> => {
  const source = path.join(root, 'client');
  const target = path.join(folder, 'node_modules', '@citizen-interface', 'client');
  mkdirSync(target, { recursive: true });
  for (const file of ['package.json', 'chat.css', 'README.md'])
    cpSync(path.join(source, file), path.join(target, file));
  const outDir = path.join(target, 'dist', 'esm');
  await run(process.execPath, [tsc, '-p', path.join(source, 'tsconfig.build.json'), '--outDir', outDir]);
};

/** Writes a site's files and installs the client into it. */
export const makeSite = async (files: ReadonlyMap<string, string>): Promise<Site> => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.cache', 'site-'));
  const all = new Map(files)
    .set('package.json', JSON.stringify({ name: 'site', private: true, type: 'module' }))
    .set('next-env.d.ts', '/// <reference types="next" />\n');
  for (const [name, text] of all) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await installClient(folder);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Type-checks files of a site, JavaScript too, with what Next.js, React and the client publish. Gives the complaints. */
export const typeErrors = ({ folder }: Site, files: readonly string[]): readonly string[] => {
  const program = ts.createProgram(
    [...files, 'next-env.d.ts'].map((file) => path.join(folder, file)),
    {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      jsx: ts.JsxEmit.ReactJSX,
      types: ['node', 'react'],
      typeRoots: [path.join(root, 'node_modules', '@types')],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      allowJs: true,
      checkJs: true,
      maxNodeModuleJsDepth: 0,
      skipLibCheck: true,
      noEmit: true,
    },
  );
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const at = diagnostic.file === undefined ? '' : path.relative(folder, diagnostic.file.fileName);
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
    return `${at}:${line + 1} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
  });
};

/** `next build`. Gives what it printed. */
export const buildSite = async ({ folder }: Site, env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout, stderr } = await run(process.execPath, [next, 'build'], {
    cwd: folder,
    env: { ...process.env, ...quiet, ...env },
  });
  return stdout + stderr;
};

export interface RunningSite {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** `next start`; ready when it answers. */
export const startSite = async (
  { folder }: Site,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<RunningSite> => {
  const child: ChildProcess = spawn(process.execPath, [next, 'start', '-p', String(port), '-H', '127.0.0.1'], {
    cwd: folder,
    env: { ...process.env, ...quiet, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://localhost:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`next start ended with code ${child.exitCode}`);
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
};
