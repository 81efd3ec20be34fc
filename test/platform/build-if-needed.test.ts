import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'build-if-needed-'));
  mkdirSync(path.join(clone, 'src'));
  writeFileSync(path.join(clone, 'src', 'main.ts'), 'const x: string = 1;');
  cpSync(fileURLToPath(new URL('../../scripts', import.meta.url)), path.join(clone, 'scripts'), { recursive: true });
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const compiler = (source: string): void => {
  const folder = path.join(clone, 'node_modules', 'typescript', 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'tsc'), source);
};
const build = (): { readonly status: number | null; readonly stderr: string } =>
  spawnSync(process.execPath, [path.join(clone, 'scripts', 'build-if-needed.mjs')], { encoding: 'utf8' });

it('a build that fails ends with one plain sentence after what the compiler said', () => {
  compiler(`process.stderr.write('main.ts: wrong type\\n'); process.exit(2);`);
  const { status, stderr } = build();
  expect(status).toBe(1);
  expect(stderr).toMatch(/main\.ts: wrong type\n\nThe server could not be built: [^\n]+\n$/);
});

it('a clone without its packages is told to install them', () => {
  const { status, stderr } = build();
  expect(status).toBe(1);
  expect(stderr).toContain('npm ci');
  expect(stderr).not.toContain('    at ');
});
