import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../../../demo/server-process.js';
import type { ServerOptions } from '../../../src/server.js';
import { startTestServer, type TestServer } from '../../transport/support/test-server.js';

const siteFolder = path.join(repositoryRoot(), 'web', 'out');

/** Builds the web application unless it is built; files that run at the same time wait for one build. */
export const buildSite = (): void => {
  execFileSync(process.execPath, [path.join(repositoryRoot(), 'scripts', 'build-if-needed.mjs'), '--web'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};

/** A whole server in this process, with the built web application. */
export const startSite = (
  env: Readonly<Record<string, string>> = {},
  options: ServerOptions = {},
): Promise<TestServer> => {
  buildSite();
  return startTestServer({ RATE_LIMITS: 'off', ...env }, { siteFolder, ...options });
};
