import type { AnyRecorded } from '../events/catalogue/index.js';
import type { LogMessage } from '../events/event-log.js';
import type { EventPage } from '../events/store.js';

/** Events to fold together, and how far the log has been seen with them. */
export interface Batch {
  readonly events: readonly AnyRecorded[];
  /** Nothing up to here is missing from this batch and those before it. */
  readonly position: bigint;
  /** Time of the last event of the batch, or null when it has none. */
  readonly recordedAt: string | null;
}

export interface BatchOptions {
  /** Most events of one batch. Twice as many are read ahead. */
  readonly maxEvents: number;
  /** How long the first event of a batch waits for more while history is read. Live events do not wait. */
  readonly lingerMs: number;
}

const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A condition that one side waits for and the other side announces; an announcement without a listener is kept. */
function bell(): { ring(): void; heard(timeoutMs?: number): Promise<void> } {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async heard(timeoutMs) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
      wake = undefined;
    },
  };
}

/**
 * Cuts a subscription into batches and reads on while a batch is being worked on. Live, a batch is whatever came while the
 * batch before was written: single events go at once, a flood goes in bulk.
 * Ends when the source ends; rethrows its error after the events before it were given. Whoever leaves the loop early must
 * also end the source (by its signal).
 */
export async function* inBatches(
  source: AsyncIterable<LogMessage>,
  { maxEvents, lingerMs }: BatchOptions,
): AsyncGenerator<Batch> {
  const waiting: AnyRecorded[] = [];
  const state = {
    seen: undefined as bigint | undefined,
    live: false,
    ended: false,
    left: false,
    failure: undefined as unknown,
  };
  const arrived = bell();
  const taken = bell();

  const pump = async (): Promise<void> => {
    try {
      for await (const message of source) {
        if (message.kind === 'event') waiting.push(message.event);
        state.seen = message.kind === 'event' ? message.event.meta.position : message.position;
        if (message.kind === 'caught-up') state.live = true;
        arrived.ring();
        while (waiting.length >= 2 * maxEvents && !state.left) await taken.heard();
        if (state.left) return;
      }
    } catch (error) {
      state.failure = error;
    } finally {
      state.ended = true;
      arrived.ring();
    }
  };

  const take = (): Batch | undefined => {
    if (state.seen === undefined) return undefined;
    const events = waiting.splice(0, maxEvents);
    const last = events.at(-1)?.meta;
    const position = last !== undefined && waiting.length > 0 ? last.position : state.seen;
    if (waiting.length === 0) state.seen = undefined;
    taken.ring();
    return { events, position, recordedAt: last?.recordedAt ?? null };
  };

  const filled = async (): Promise<void> => {
    const until = Date.now() + lingerMs;
    while (waiting.length < maxEvents && !state.live && !state.ended && Date.now() < until) {
      await arrived.heard(until - Date.now());
    }
  };

  void pump();
  try {
    for (;;) {
      while (state.seen === undefined && !state.ended) await arrived.heard();
      // Messages of one page come one after the other: let them all arrive.
      await nextTick();
      await filled();
      const batch = take();
      if (batch !== undefined) yield batch;
      else if (state.ended) break;
    }
    if (state.failure !== undefined) throw state.failure as Error;
  } finally {
    state.left = true;
    taken.ring();
  }
}

/** Pages of the log as batches. The last one reaches `end`, whether there is an event or not. */
export async function* historyInBatches(
  pages: AsyncIterable<EventPage<AnyRecorded>>,
  end: bigint,
): AsyncGenerator<Batch> {
  let position: bigint | undefined;
  for await (const { events, to } of pages) {
    position = to;
    yield { events, position, recordedAt: events.at(-1)?.meta.recordedAt ?? null };
  }
  if (position === undefined || position < end) yield { events: [], position: end, recordedAt: null };
}
