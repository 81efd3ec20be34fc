import type { StoreLogger } from '../store-logger.js';
import { fullJitterMs, pause, unlessAborted } from '../waiting.js';
import { describeFailure } from './failures.js';
import { follow } from './follow.js';
import { nowAndThen } from './now-and-then.js';
import type { Head, Reading } from './reader.js';
import { createTail, type Tail } from './tail.js';

/** The one live subscription of this process, which all others share: each event is sent and decoded once. */
export interface LiveTail {
  readonly tail: Tail;
  /** Begins with the first call. Resolves when the tail stands, or the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
  /** This process wrote up to here: a subscription that does not show it soon is dead, whatever it says. */
  expect(position: bigint): void;
  stopped(): Promise<void>;
}

/** How long the subscription may lack an event that was surely written. */
const DEAF_AFTER_MS = 10_000;
/** After so long without a word, the log itself is asked whether others have written. */
const ASK_AFTER_MS = 30_000;

export const createLiveTail = (options: {
  readonly reading: Reading;
  readonly head: (signal: AbortSignal) => Promise<Head | undefined>;
  readonly logger: StoreLogger;
  readonly signal: AbortSignal;
  /** Looks whether it is still the log that was opened: whenever the subscription begins, and after a long silence. */
  readonly check: () => Promise<void>;
  readonly deafAfterMs?: number;
  readonly askAfterMs?: number;
}): LiveTail => {
  const { reading, logger, signal, deafAfterMs = DEAF_AFTER_MS, askAfterMs = ASK_AFTER_MS } = options;
  const tail = createTail();
  let begun: Promise<void> | undefined;
  let running: Promise<void> = Promise.resolve();
  let restart = new AbortController();
  let watch: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let heardAt = 0;
  let expected = 0n;

  const tell = nowAndThen();
  const run = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const subscription = follow(reading, {
          ...{ after: tail.head, signal },
          begin: options.check,
          restart: () => restart.signal,
        });
        for await (const found of subscription) {
          attempt = 0;
          heardAt = performance.now();
          if ('event' in found) tail.add(found.event);
          else tail.pass(found.nothingUpTo);
        }
      } catch (error) {
        tell(() =>
          logger.error(
            { err: describeFailure(error) },
            'The live subscription to the event store failed and is tried again',
          ),
        );
        await pause(fullJitterMs(attempt + 4), signal);
      }
    }
  };
  const begin = async (): Promise<void> => {
    const head = await options.head(signal);
    tail.start(head?.position ?? 0n);
    running = run();
    ask();
  };
  /** Looks, after a while, whether what was written by now has come. */
  const listen = (): void => {
    const awaited = expected;
    watch = setTimeout(() => {
      watch = undefined;
      if (signal.aborted || tail.head >= expected) return;
      if (tail.head < awaited) {
        logger.warn({}, 'The live subscription to the event store is silent and is made anew');
        restart.abort();
        restart = new AbortController();
      }
      listen();
    }, deafAfterMs).unref();
  };
  const expect = (position: bigint): void => {
    if (position > expected) expected = position;
    if (begun !== undefined && watch === undefined) listen();
  };
  /** What other processes write, nobody here expects: a subscription that fell silent would never be missed. */
  const ask = (): void => {
    asking = setTimeout(() => {
      const asked =
        performance.now() - heardAt < askAfterMs
          ? Promise.resolve()
          : options
              .check()
              .then(() => options.head(signal))
              .then((head) => {
                if (head !== undefined && head.position > tail.head) expect(head.position);
              });
      asked
        .catch(() => undefined)
        .finally(() => {
          if (!signal.aborted) ask();
        });
    }, askAfterMs).unref();
  };

  return {
    tail,
    start: async (asked) => {
      begun ??= begin();
      begun.catch(() => (begun = undefined));
      await unlessAborted(begun, asked);
    },
    expect,
    stopped: async () => {
      clearTimeout(watch);
      clearTimeout(asking);
      await begun?.catch(() => undefined);
      await running;
    },
  };
};
