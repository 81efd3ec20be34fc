import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../demo/server-process.js';

/** Compiles bench/ if it is older than its sources: its drivers and readers are processes of compiled code. */
export const buildBench = (): void => {
  const script = path.join('scripts', 'build-if-needed.mjs');
  execFileSync(process.execPath, [script, '--bench'], { cwd: repositoryRoot(), stdio: 'pipe' });
};

/** A compiled module of bench/, typed by its source: `loadBench<typeof Storm>('resume/scenarios/storm.js')`. */
export const loadBench = async <T>(file: string): Promise<T> =>
  (await import(pathToFileURL(path.join(repositoryRoot(), 'dist-bench', 'bench', file)).href)) as T;
