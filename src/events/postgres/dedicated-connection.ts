import type { Socket } from 'node:net';
import pg from 'pg';

/** One connection beside a pool, made again when it is lost. Only one at a time. */
export interface DedicatedConnection {
  /** The connection, made now if there is none. Rejects when it cannot be made. */
  get(): Promise<pg.Client>;
  /** Cuts the connection, whatever it is doing; the next `get` makes a new one. */
  discard(client: pg.Client): void;
  end(): Promise<void>;
}

export interface DedicatedConnectionOptions {
  /** Where to connect to, and how: its settings are used, its connections are not. */
  readonly pool: pg.Pool;
  /** Added to the application name, to tell the connections apart in `pg_stat_activity`. */
  readonly label: string;
  /** Send the next statement without waiting for the answer to the one before. */
  readonly pipeline: boolean;
  readonly setUp: (client: pg.Client) => Promise<unknown>;
  readonly onLost: (error: Error | undefined) => void;
}

interface Connection {
  readonly client: pg.Client;
  readonly connected: Promise<pg.Client>;
}

const settingsOf = (pool: pg.Pool, label: string, pipeline: boolean): pg.ClientConfig & { pipeline: boolean } => ({
  ...pool.options,
  // Not enumerable in the options of a pool.
  password: pool.options.password,
  application_name: `${pool.options.application_name ?? 'event-store'} ${label}`,
  pipeline,
});

export function createDedicatedConnection(options: DedicatedConnectionOptions): DedicatedConnection {
  let current: Connection | undefined;

  const open = (): Connection => {
    const client = new pg.Client(settingsOf(options.pool, options.label, options.pipeline));
    let gone = false;
    const lose = (error?: Error): void => {
      if (gone) return;
      gone = true;
      // Not current: it was given up on purpose.
      if (current !== mine) return;
      current = undefined;
      options.onLost(error);
    };
    client.on('error', lose);
    client.on('end', () => lose());
    const connect = async (): Promise<pg.Client> => {
      try {
        await client.connect();
        await options.setUp(client);
        return client;
      } catch (error) {
        lose(error instanceof Error ? error : undefined);
        void client.end().catch(() => undefined);
        throw error;
      }
    };
    const mine: Connection = { client, connected: connect() };
    return mine;
  };

  return {
    get: () => (current ??= open()).connected,
    discard(client) {
      if (current?.client === client) current = undefined;
      // Not `end`, which in pipeline mode waits for answers that may never come.
      (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    },
    async end() {
      const last = current;
      current = undefined;
      await last?.connected.then((client) => client.end()).catch(() => undefined);
    },
  };
}
