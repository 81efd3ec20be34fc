import { randomBytes } from 'node:crypto';
import { chown, open, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { errorCode } from '../data-dir.js';
import { startupError } from '../startup-error.js';
import type { Account } from './account.js';

/** Name of the database user of the embedded PostgreSQL. Nobody but root and the user it runs as can reach its socket. */
export const superuser = 'citizen';

/** Where a PostgreSQL listens: the folder of its Unix socket, and the number in the socket's name. */
export interface Socket {
  readonly host: string;
  readonly port: number;
}

/** `starting`: it answers, but does not serve yet or no more. `silent`: nobody answers. */
export type ConnectResult =
  { readonly state: 'connected'; readonly client: pg.Client } | { readonly state: 'starting' | 'silent' };

/**
 * Tries once to connect as superuser.
 * @throws StartupError `data_dir_not_ours` when this PostgreSQL does not know our user
 */
export async function tryConnect(socket: Socket): Promise<ConnectResult> {
  const client = new pg.Client({
    ...socket,
    user: superuser,
    database: 'postgres',
    ssl: false,
    application_name: `citizen-owner ${process.pid}`,
    // Said here so that PGOPTIONS of our environment does not count.
    options: '-c statement_timeout=0 -c idle_session_timeout=0',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { state: 'connected', client };
  } catch (error) {
    await client.end().catch(() => undefined);
    const code = errorCode(error);
    if (code === '28000' || code === '28P01' || code === '3D000') {
      const message = `The PostgreSQL data in DATA_DIR was not made by this program (${code}). Set DATA_DIR to another folder.`;
      throw startupError('data_dir_not_ours', message, error);
    }
    return { state: code === '57P03' ? 'starting' : 'silent' };
  }
}

/**
 * Whether the server at the other end works on this very folder: it must see a file that we make there. (Process ids and
 * paths can lie: a copied DATA_DIR names the process and the socket of the original.)
 */
export async function servesFolder(client: pg.Client, folder: string, account: Account | undefined): Promise<boolean> {
  const name = `citizen-probe-${randomBytes(8).toString('hex')}`;
  const file = path.join(folder, name);
  await (await open(file, 'wx', 0o600)).close();
  try {
    if (account !== undefined) await chown(file, account.uid, account.gid);
    const { rows } = await client.query<{ here: boolean }>('SELECT (pg_stat_file($1, true)).size IS NOT NULL AS here', [
      name,
    ]);
    return rows[0]?.here === true;
  } finally {
    await rm(file, { force: true });
  }
}
