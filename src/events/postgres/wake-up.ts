import type pg from 'pg';
import type { DedicatedConnection } from './dedicated-connection.js';
import type { Tail } from './tail.js';
import { within } from '../waiting.js';

/**
 * How processes that share a log hear of each other's events: NOTIFY without content, sent after the commit and never inside
 * its transaction (commits that notify wait for each other), at most once in `NOTIFY_EVERY_MS`. Because a notice may be
 * lost, the head is asked for now and then anyway.
 */
export interface WakeUp {
  /** This process has written. */
  announce(): void;
  /** Somebody subscribes: listen and ask, until the function that this gives is called. */
  watch(): () => void;
  /** Another process has announced something, or this one just began to listen. */
  heard(): void;
  /** The connection that listens was lost. */
  lost(): void;
  stop(): Promise<void>;
}

export interface WakeUpOptions {
  readonly tail: Tail;
  /** Must be set up with `listenTo(channel, heard)`, and call `lost` when it is lost. */
  readonly connection: DedicatedConnection;
  readonly channel: string;
  readonly readHead: () => Promise<bigint>;
  readonly pollMs: number;
  readonly debug: (error: unknown, message: string) => void;
}

const NOTIFY_EVERY_MS = 20;
const RELISTEN_MS = 50;
/** The last notice must not keep the process from ending. */
const LAST_NOTICE_MS = 500;

/** Sets a connection up to listen: `heard` is called for what other connections announce, and once when it listens. */
export const listenTo =
  (channel: string, heard: () => void) =>
  async (client: pg.Client): Promise<void> => {
    client.on('notification', (message) => {
      if (message.processId !== (client as unknown as { processID: number }).processID) heard();
    });
    // A notice tells nothing that must survive a crash.
    await client.query('SET synchronous_commit = off');
    await client.query(`LISTEN ${channel}`);
    heard();
  };

export function createWakeUp(options: WakeUpOptions): WakeUp {
  let watchers = 0;
  let poll: NodeJS.Timeout | undefined;
  let notice: NodeJS.Timeout | undefined;
  let writes = 0;
  let announced = 0; // of these writes
  let relisten: NodeJS.Timeout | undefined;
  let stopped = false;
  let asking = false;
  let askAgain = false;

  const ask = async (): Promise<void> => {
    askAgain = asking;
    if (asking || stopped) return;
    asking = true;
    try {
      options.tail.raise(await options.readHead());
    } catch (error) {
      options.debug(error, 'The head of the log could not be read');
    } finally {
      asking = false;
    }
    if (askAgain) await ask();
  };
  const heard = (): void => {
    if (watchers > 0) void ask();
  };
  const listen = (): void => {
    if (!stopped && watchers > 0) {
      options.connection.get().catch((error: unknown) => options.debug(error, 'Listening failed'));
    }
  };
  const lost = (): void => {
    if (stopped) return;
    relisten ??= setTimeout(() => {
      relisten = undefined;
      listen();
    }, RELISTEN_MS);
  };
  const notify = async (): Promise<void> => {
    announced = writes;
    try {
      await (await options.connection.get()).query(`NOTIFY ${options.channel}`);
    } catch (error) {
      options.debug(error, 'Other processes could not be told of new events');
    }
    notice = undefined;
    if (writes > announced) schedule();
  };
  // One at a time: on a slow server they would pile up otherwise.
  const schedule = (): void => {
    if (!stopped) notice ??= setTimeout(() => void notify(), NOTIFY_EVERY_MS);
  };

  return {
    heard,
    lost,
    announce() {
      writes += 1;
      schedule();
    },
    watch() {
      watchers += 1;
      listen();
      // What fails to listen is tried again with the next poll.
      poll ??= setInterval(() => {
        listen();
        void ask();
      }, options.pollMs);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        watchers -= 1;
        if (watchers > 0) return;
        clearInterval(poll);
        poll = undefined;
      };
    },
    async stop() {
      stopped = true;
      clearInterval(poll);
      clearTimeout(notice);
      clearTimeout(relisten);
      if (writes > announced) await within(notify(), LAST_NOTICE_MS, () => new Error('late')).catch(() => undefined);
      await options.connection.end();
    },
  };
}
