import { setMaxListeners } from 'node:events';
import { EventStoreDBClient } from '@eventstore/db-client';
import { startupError } from '../../platform/startup-error.js';
import type { StoreLogger } from '../store-logger.js';
import { within } from '../waiting.js';
import { createAppendCalls, type AppendCalls } from './append-calls.js';

/** A client and what belongs to it, until it is replaced by a new one. */
export interface Generation {
  readonly client: EventStoreDBClient;
  readonly appends: AppendCalls;
  /** Aborts when this client was replaced: what it still gives is not waited for. */
  readonly gone: AbortSignal;
  /** When the server last said something, by `performance.now()`. */
  readonly heard: { at: number };
}

export interface Connection {
  readonly current: Generation;
  /** Takes a new client in place of this one, if nobody has done so already: it finds its node anew. */
  replace(generation: Generation): void;
  /** Nothing can be asked any more. */
  readonly isClosed: boolean;
  /** Waits until what is under way has ended. */
  close(): Promise<void>;
}

/** A client that still looks for its node need not be waited for. */
const MOST_MS_TO_END = 2_000;

interface ClientInside {
  readonly getChannel: () => Promise<{ close: () => void }>;
  handleError: (client: unknown, error: unknown) => Promise<void>;
}

/**
 * @throws StartupError when a file that the address names is not there; never with the address in it, as the client's own errors have it
 */
const createClient = (connectionString: string): EventStoreDBClient => {
  try {
    const client = EventStoreDBClient.connectionString(connectionString);
    const inside = client as unknown as ClientInside;
    const { handleError } = inside;
    // Called for every call that ends badly, and awaited by nobody. While the client looks in vain for its node, it fails
    // itself, and that would end the process.
    inside.handleError = (grpc, error) => handleError(grpc, error).catch(() => undefined);
    return client;
  } catch (error) {
    const why =
      error instanceof Error && error.message.startsWith('Failed to load')
        ? 'a file of certificates or keys that it names is not there'
        : 'the client does not take it';
    throw startupError('bad_event_store_url', `EVENTSTORE_URL cannot be used: ${why}.`);
  }
};

/** Ends a client. Its own `dispose` cancels calls and leaves the channel, with its socket and its pings, open. */
const dispose = async (client: EventStoreDBClient): Promise<void> => {
  await client.dispose();
  const channel = await (client as unknown as ClientInside).getChannel();
  channel.close();
};

/**
 * @param connectionString checked by `readConnectionString`
 * @param beforeAppends done before appends are sent over a connection
 * @throws StartupError `bad_event_store_url`
 */
export const createConnection = (
  connectionString: string,
  logger: StoreLogger,
  beforeAppends: () => Promise<void> = () => Promise.resolve(),
): Connection => {
  const make = (): Generation & { readonly end: () => Promise<void> } => {
    const client = createClient(connectionString);
    const gone = new AbortController();
    setMaxListeners(0, gone.signal); // one for each read
    const heard = { at: performance.now() };
    return {
      client,
      appends: createAppendCalls(client, () => (heard.at = performance.now()), beforeAppends),
      gone: gone.signal,
      heard,
      end: () => {
        gone.abort();
        return within(dispose(client), MOST_MS_TO_END, () => new Error('It does not end')).catch(() => undefined);
      },
    };
  };
  let generation = make();
  let isClosed = false;
  return {
    get current() {
      return generation;
    },
    get isClosed() {
      return isClosed;
    },
    replace(seen) {
      if (seen !== generation || isClosed) return;
      const old = generation;
      try {
        generation = make();
      } catch (error) {
        // A file of certificates is gone meanwhile. The old one may still come right.
        logger.error({ err: error }, 'No new connection to the event store can be made');
        return;
      }
      logger.debug({}, 'A new connection to the event store is made');
      void old.end();
    },
    close: () => {
      isClosed = true;
      return generation.end();
    },
  };
};
