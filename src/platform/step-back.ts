import { readFile } from 'node:fs/promises';
import { constants, getPriority, setPriority } from 'node:os';
import type pg from 'pg';

// Long work beside citizens takes what processor time they leave.

const LOW = constants.priority.PRIORITY_BELOW_NORMAL;

/** One that stands further back stays there: only root may bring it forward. 0: this process. */
function lower(pid: number): void {
  if (getPriority(pid) < LOW) setPriority(pid, LOW);
}

/** This process steps back behind all others of the machine. */
export const stepBack = (): void => lower(0);

/**
 * Whether the title of a process says that it is the PostgreSQL that serves this connection.
 * @param clientPort our port as PostgreSQL sees it; null over a Unix socket
 */
export const servesUs = (title: string, clientPort: number | null): boolean =>
  title.startsWith('postgres: ') && title.includes(clientPort === null ? ' [local] ' : `(${clientPort}) `);

/**
 * Lets the PostgreSQL process behind a connection step back too. Where that cannot be (another machine, a PostgreSQL of another
 * user, not Linux) nothing happens: `--max-load` is what holds it back there.
 */
export async function stepBackBehind(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number; port: number | null }>(
    'SELECT pg_backend_pid() AS pid, inet_client_port() AS port',
  );
  const [row] = rows;
  if (row === undefined) return;
  const title = await readFile(`/proc/${row.pid}/cmdline`, 'utf8').catch(() => '');
  if (servesUs(title, row.port)) lower(row.pid);
}
