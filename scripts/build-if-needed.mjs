// Builds what is missing or older than its sources, so that `npm start` is one command on a fresh clone: dist/; with `--web` the
// web application too, with `--bench` what bench/ and demo/ run. Several of these at once (tests, two terminals) wait for each
// other instead of building twice.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const ageOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isMade =
  /^(node_modules|\.next|\.client|build|out|out\.new|dist|results|test|screenshots|live|small\.js|next-env\.d\.ts|.*\.test\.ts)$/;

const newest = (file) => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return found?.mtimeMs ?? 0;
  return readdirSync(file)
    .filter((name) => !isMade.test(name))
    .reduce((latest, name) => Math.max(latest, newest(path.join(file, name))), 0);
};

const stop = (sentence) => {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
};

const run = (what, script, ...args) => {
  if (!existsSync(script)) stop(`The ${what} cannot be built: a package is missing. Run "npm ci" and start again.`);
  // What is printed here must not mix with what `npm run citizen` prints.
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`The ${what} could not be built: the reason stands above. Nothing was started.`);
};

/** What the benchmarks take from the tests. */
const benchSupport = ['eventstoredb-double', 'sample-histories.ts', 'scripted-model.ts'];

const parts = [
  {
    name: 'server',
    isWanted: true,
    isOld: () => Math.max(newest(at('src')), ageOf(at('tsconfig.build.json'))) > ageOf(at('dist', '.built')),
    build: () => {
      process.stderr.write('Building …\n');
      run('server', at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json');
      run('server', at('scripts', 'copy-assets.mjs'));
    },
  },
  {
    name: 'bench',
    isWanted: process.argv.includes('--bench'),
    isOld: () =>
      Math.max(
        ...['src', 'bench', 'demo', 'tsconfig.bench.json'].map((part) => newest(at(part))),
        ...benchSupport.map((part) => newest(at('test', 'support', part))),
      ) > ageOf(at('dist-bench', 'src', '.built')),
    build: () => {
      run('benchmarks', at('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.bench.json');
      run('benchmarks', at('scripts', 'copy-assets.mjs'), path.join('dist-bench', 'src'));
    },
  },
  {
    name: 'web',
    isWanted: process.argv.includes('--web'),
    isOld: () => Math.max(newest(at('web')), newest(at('client', 'src'))) > ageOf(at('web', 'out', 'site.json')),
    build: () => {
      // Installed without development packages and not built before: the light pages (/lite) stand in for it.
      if (!existsSync(at('node_modules', 'next')))
        process.stderr.write('The web application is not built: next is missing\n');
      else run('web application', at('web', 'scripts', 'build.mjs'));
    },
  },
];

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** 0: just made, or just given back. */
const ownerOf = (lock) => {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
};

/** Runs the task while nobody else does; a lock whose owner has died is taken over. */
const alone = async (name, task) => {
  const lock = at('node_modules', '.cache', `build-${name}.lock`);
  mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const owner = ownerOf(lock);
      if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
      await delay(100);
    }
  }
  try {
    task();
  } finally {
    rmSync(lock, { force: true });
  }
};

for (const { name, isWanted, isOld, build } of parts) {
  if (!isWanted || !isOld()) continue;
  await alone(name, () => {
    if (isOld()) build();
  });
}
