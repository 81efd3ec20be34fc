import { createServer } from 'node:net';
import type { Config } from './platform/config.js';
import { errorCode } from './platform/data-dir.js';
import { findRunningPostgres } from './platform/embedded-postgres/find-running.js';
import { startupError } from './platform/startup-error.js';

type Place = Pick<Config, 'port' | 'host'>;

/** Turns what kept the server from listening into a `StartupError` that says what to do; gives any other error back as it is. */
export const explainListenError = (error: unknown, { port, host }: Place): unknown => {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return startupError('port_in_use', `Port ${port} is taken by another program. Set PORT to another one.`, error);
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return startupError(
      'port_in_use',
      `This server may not listen on ${host} port ${port} (${code}). Set PORT and HOST.`,
      error,
    );
  }
  return error;
};

/** Listens for a moment and lets go again: nothing that was accepted stays. */
const tryToListen = ({ port, host }: Place): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ port, host }, () => server.close(() => resolve()));
  });

/**
 * Finds out that the port is taken before a database is made or started for nothing. Where a server runs on the same DATA_DIR,
 * that is what has to be said, and it is found out a little later.
 * @throws StartupError `port_in_use`
 */
export const checkPort = async (config: Pick<Config, 'port' | 'host' | 'dataDir' | 'databaseUrl'>): Promise<void> => {
  if (config.port === 0) return;
  try {
    await tryToListen(config);
  } catch (error) {
    const isBusyHere = config.databaseUrl === undefined && (await findRunningPostgres(config.dataDir)) !== undefined;
    if (!isBusyHere) throw explainListenError(error, config);
  }
};
