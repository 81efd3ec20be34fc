import path from 'node:path';
import { superuser, tryConnect } from './connection.js';
import type { EmbeddedConnection } from './index.js';
import { readPostmasterFile } from './postmaster-file.js';

/**
 * The PostgreSQL that a running server keeps on this DATA_DIR, for a command-line tool beside it; undefined when none runs.
 * Takes no ownership: the server goes on, and the tool only connects.
 */
export async function findRunningPostgres(dataDir: string): Promise<EmbeddedConnection | undefined> {
  const found = await readPostmasterFile(path.join(path.resolve(dataDir), 'postgres'));
  if (found === undefined) return undefined;
  const socket = { host: found.host, port: found.port };
  const result = await tryConnect(socket).catch(() => undefined);
  if (result?.state !== 'connected') return undefined;
  const { rows } = await result.client.query<{ owned: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'citizen') AS owned`,
  );
  await result.client.end();
  return rows[0]?.owned === true ? { ...socket, user: superuser, database: 'citizen' } : undefined;
}
