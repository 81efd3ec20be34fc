// Builds the web application into web/out: the client library, the small scripts, Next's static export, then what `finish.mjs`
// does with it. `--server` builds for a Next server of its own instead (web/.next). No network, no telemetry.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { finish } from './finish.mjs';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const root = path.dirname(web);
const at = (...parts) => path.join(web, ...parts);
const forServer = process.argv.includes('--server');
const say = (text) => process.stderr.write(`${text}\n`);

/** The client from its source: its own `dist/` belongs to those who publish it. */
export const buildClient = () => {
  rmSync(at('.client'), { recursive: true, force: true });
  buildSync({
    entryPoints: [path.join(root, 'client/src/index.ts'), path.join(root, 'client/src/react/index.ts')],
    outbase: path.join(root, 'client/src'),
    outdir: at('.client'),
    external: ['react', 'react/jsx-runtime'],
    ...{ bundle: true, splitting: true, format: 'esm', target: 'es2022', jsx: 'automatic', logLevel: 'warning' },
  });
};

/** Scripts that stand on their own, without a framework: `/small.js` for every page, `/live/…` for `/lite`. */
export const buildSmallScripts = () => {
  const settings = { bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'warning' };
  rmSync(at('public', 'live'), { recursive: true, force: true });
  buildSync({ ...settings, entryPoints: [at('small', 'small.ts')], outfile: at('public', 'small.js'), format: 'iife' });
  buildSync({
    ...settings,
    entryPoints: [at('small', 'live.ts')],
    // In one piece: a part that is only asked for when there is no connection would take the citizen's file with it.
    outfile: at('public', 'live', 'live.js'),
    alias: { '@citizen-interface/client': path.join(root, 'client/src/index.ts') },
  });
};

const runNext = () => {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const { status } = spawnSync(process.execPath, [next, 'build'], {
    cwd: web,
    stdio: ['ignore', 2, 2],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      WEB_OUTPUT: forServer ? 'server' : 'static',
    },
  });
  if (status !== 0) process.exit(status ?? 1);
};

const from = performance.now();
try {
  say('Web application: client and small scripts …');
  buildClient();
  buildSmallScripts();
  say('Web application: pages (usually less than a minute) …');
  rmSync(at('build'), { recursive: true, force: true });
  runNext();
  if (!forServer) finish(at('build'), at('out'));
  say(`Web application: built in ${Math.round((performance.now() - from) / 1000)} s`);
} catch (error) {
  // What is wrong is in the message; where in this script it came up helps nobody who only wants to start.
  say(error.message);
  process.exit(1);
}
