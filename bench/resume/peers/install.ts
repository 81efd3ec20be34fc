import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repositoryRoot } from '../../../demo/server-process.js';

const folder = (): string => path.join(repositoryRoot(), 'bench', 'peers');

/** Installs the peers' packages when they are missing; this alone needs the network. */
export const installPeers = (): void => {
  if (existsSync(path.join(folder(), 'node_modules'))) return;
  execFileSync('npm', ['ci', '--prefix', folder(), '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
};

/** Loads a package of the peers; ours know nothing of it. */
export const requirePeer = (name: string): unknown => createRequire(path.join(folder(), 'package.json'))(name);
