import {
  eventTypeFilter,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Filter,
} from '@eventstore/db-client';
import type { Generation } from './connection.js';
import { persistently } from './persistently.js';
import { cutOff, pull } from './pull.js';
import { decoded, type Found, type Head, type Lasting, type Reading } from './reader.js';

/** Characters of a regular expression that stand for themselves after a backslash. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Checkpoints come every so many events that the server looked at: 32 times this. */
const CHECKPOINT_INTERVAL = 4;

const filterOf = (prefix: string, types: readonly string[] | undefined): Filter => {
  const checkpoints = {
    checkpointInterval: CHECKPOINT_INTERVAL,
    // In among the events, so that it is passed on in its place; and it cannot throw (T9).
    checkpointReached: (subscription: { push?: (item: unknown) => unknown }, position: { commit: bigint }): void => {
      subscription.push?.({ nothingUpTo: position.commit });
    },
  };
  return types === undefined
    ? streamNameFilter({ prefixes: [prefix], ...checkpoints })
    : eventTypeFilter({ regex: `^(?:${types.map(literally).join('|')})$`, ...checkpoints });
};

/** Events that were asked for only to see the end are told of once in so many. */
const TELL_EVERY = 100;

interface FollowOptions {
  /** Exclusive. */
  readonly after: bigint;
  readonly types?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Silence that is a failure; undefined where silence is normal. */
  readonly idleMs?: number | undefined;
  readonly giveUpMs?: number | undefined;
  /** Done before each beginning. */
  readonly begin?: (() => Promise<void>) | undefined;
  /** Aborts what is running, to begin again from where it is. */
  readonly restart?: (() => AbortSignal) | undefined;
}

/**
 * The log from after a position on, for ever, filtered on the server. Begins again from its own place after an error and
 * after an end that nobody asked for (T4).
 */
export async function* follow(reading: Reading, options: FollowOptions): AsyncGenerator<Found, void, undefined> {
  const { connection, prefix, logger } = reading;
  const { types, signal } = options;
  let after = options.after;
  async function* part({ client, gone, heard }: Generation, onProgress: () => void): AsyncGenerator<Found, boolean> {
    await options.begin?.();
    const source = client.subscribeToAll({
      fromPosition: after === 0n ? START : { commit: after, prepare: after },
      filter: filterOf(prefix, types),
      requiresLeader: true,
    });
    const stops = [gone, options.restart?.(), signal].filter((one) => one !== undefined);
    const items = pull<AllStreamResolvedEvent | { nothingUpTo: bigint }>(source, () => source.unsubscribe(), {
      idleMs: options.idleMs,
      stops,
    });
    for await (const item of items) {
      heard.at = performance.now();
      if ('nothingUpTo' in item) {
        if (item.nothingUpTo <= after || item.nothingUpTo > 0x7fff_ffff_ffff_ffffn) continue;
        after = item.nothingUpTo;
        yield item;
        onProgress();
        continue;
      }
      const source = item.event ?? item.link;
      const event = source?.streamId.startsWith(prefix) === true ? decoded(item, prefix) : undefined;
      if (event === undefined || event.position <= after) continue;
      after = event.position;
      yield { event };
      onProgress(); // only now: while the consumer works, nothing is late
    }
    if (signal?.aborted === true) return false;
    throw cutOff();
  }
  yield* persistently(connection, part, { logger, giveUpMs: options.giveUpMs, signal });
}

/**
 * The part of the log after a position up to `until`, an event that is there. Its type is asked for too, so that the end
 * shows: a filter that matches nothing gives nothing, for ever.
 */
export async function* readRange(
  reading: Reading,
  range: { readonly after: bigint; readonly until: Head } & Lasting,
  types: readonly string[] | undefined,
): AsyncGenerator<Found, void, undefined> {
  const { after, until, signal, forever } = range;
  if (after >= until.position) return;
  const wanted = types === undefined ? undefined : new Set(types);
  const asked = wanted === undefined ? undefined : [...new Set([...wanted, until.type])];
  const { timeoutMs } = reading;
  const giveUpMs = forever === true ? undefined : timeoutMs;
  let passed = 0;
  for await (const found of follow(reading, { after, types: asked, signal, idleMs: timeoutMs, giveUpMs })) {
    const position = 'event' in found ? found.event.position : found.nothingUpTo;
    if (position > until.position) return;
    if ('event' in found && wanted?.has(found.event.type) === false) {
      passed += 1;
      if (position === until.position || passed % TELL_EVERY === 0) yield { nothingUpTo: position };
    } else {
      yield found;
    }
    if (position === until.position) return;
  }
}
