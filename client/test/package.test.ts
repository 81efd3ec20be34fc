import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const CORE_BYTES = 8 * 1024;

/** Uploads and SSE are loaded when they are first needed: they are no part of what every page loads. */
const later: Plugin = {
  name: 'later',
  setup: (build) =>
    build.onResolve({ filter: /^\.\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : null,
    ),
};

const gzipped = async (entry: string, plugins: Plugin[]): Promise<number> => {
  const result = await build({
    entryPoints: [`${home}dist/esm/${entry}`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react', 'react/jsx-runtime'],
    write: false,
    plugins,
  });
  return gzipSync(result.outputFiles[0]!.contents, { level: 9 }).length;
};

beforeAll(async () => {
  await run(process.execPath, [`${home}scripts/build.mjs`]);
}, 120_000);

describe('the built package', () => {
  test('the core is at most 8 KiB gzipped', async () => {
    expect(await gzipped('index.js', [later])).toBeLessThanOrEqual(CORE_BYTES);
  });

  test('everything together, with uploads and SSE, stays below 10.5 KiB', async () => {
    expect(await gzipped('index.js', [])).toBeLessThanOrEqual(10.5 * 1024);
  });

  const names =
    'Object.keys(core).sort().join() + " " + Object.keys(react).sort().join() + " " + Object.keys(codes).sort().join()';
  const expected =
    'CitizenError,PROTOCOL,closeAction,closeActions,createCitizenClient,emptySnapshot ' +
    'ChatInterface,ChatView,englishStrings,useWebSocket closeAction,closeActions,closeMeanings,errorCodes';

  test('it can be imported', async () => {
    const script = `const [core, react, codes] = await Promise.all(['', '/react', '/codes'].map((part) =>
      import('@citizen-interface/client' + part))); console.log(${names});`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: home });
    expect(stdout.trim()).toBe(expected);
  });

  test('it can be required, where names of modules are exports too', async () => {
    const script = `const [core, react, codes] = ['', '/react', '/codes'].map((part) =>
      require('@citizen-interface/client' + part)); console.log(${names});`;
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: home });
    expect(stdout.trim()).toBe(expected);
  });

  test.each(['esm', 'cjs'])('what React renders says that it belongs into the browser: %s', async (kind) => {
    const files = ['index', 'use-websocket', 'chat-interface', 'composer', 'message-list'];
    for (const file of files) {
      const code = await readFile(`${home}dist/${kind}/react/${file}.js`, 'utf8');
      // CommonJS says "use strict" beside it; both stand before any other statement, or they count for nothing.
      expect(code, file).toMatch(/^(['"]use strict['"];\s*)?['"]use client['"];/);
    }
    expect(await readFile(`${home}dist/${kind}/index.js`, 'utf8')).not.toContain('use client');
  });

  test('it has no dependencies at run time, and React is optional', async () => {
    const manifest = JSON.parse(await readFile(`${home}package.json`, 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.peerDependencies).toEqual({ react: '>=18' });
    expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true } });
  });

  test('what is published is the build, the style and the texts', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: home });
    const files: string[] = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path);
    for (const file of ['chat.css', 'README.md', 'LICENSE', 'dist/esm/index.d.ts', 'dist/cjs/react/index.d.ts']) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /test|\.tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
  });
});
