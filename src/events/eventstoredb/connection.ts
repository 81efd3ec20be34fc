import { EventStoreDBClient } from '@eventstore/db-client';
import type { StoreLogger } from '../store-logger.js';
import { within } from '../waiting.js';
import { createAppendCalls, type AppendCalls } from './append-calls.js';

/** A client and what belongs to it, until it is replaced by a new one. */
export interface Generation {
  readonly client: EventStoreDBClient;
  readonly appends: AppendCalls;
  /** Aborts when this client was replaced: what it still gives is not waited for. */
  readonly gone: AbortSignal;
}

export interface Connection {
  readonly current: Generation;
  /** Takes a new client in place of this one, if nobody has done so already: it finds its node anew. */
  replace(generation: Generation): void;
  /** Waits until what is under way has ended. */
  close(): Promise<void>;
}

/** A client that still looks for its node need not be waited for. */
const MOST_MS_TO_END = 2_000;

interface ClientInside {
  readonly getChannel: () => Promise<{ close: () => void }>;
}

/** Ends a client. Its own `dispose` cancels calls and leaves the channel, with its socket and its pings, open. */
const dispose = async (client: EventStoreDBClient): Promise<void> => {
  await client.dispose();
  const channel = await (client as unknown as ClientInside).getChannel();
  channel.close();
};

/**
 * @param connectionString checked by `readConnectionString`
 */
export const createConnection = (connectionString: string, logger: StoreLogger): Connection => {
  const make = (): Generation & { readonly end: () => Promise<void> } => {
    const client = EventStoreDBClient.connectionString(connectionString);
    const gone = new AbortController();
    return {
      client,
      appends: createAppendCalls(client),
      gone: gone.signal,
      end: () => {
        gone.abort();
        return within(dispose(client), MOST_MS_TO_END, () => new Error('It does not end')).catch(() => undefined);
      },
    };
  };
  let generation = make();
  return {
    get current() {
      return generation;
    },
    replace(seen) {
      if (seen !== generation) return;
      logger.debug({}, 'A new connection to the event store is made');
      const old = generation;
      generation = make();
      void old.end();
    },
    close: () => generation.end(),
  };
};
