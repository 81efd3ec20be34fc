import { createRisingHead } from '../rising-head.js';
import type { RecordedEvent } from '../store.js';

/** The newest part of the log, in memory, as the live subscription of this process gives it. */
export interface Tail {
  /** All up to here has come. */
  readonly head: bigint;
  /** Begins anew behind a position. */
  start(position: bigint): void;
  add(event: RecordedEvent): void;
  /** Nothing of ours is up to here. */
  pass(position: bigint): void;
  /** All events after the position, or undefined when some are not here (any more). */
  after(position: bigint): readonly RecordedEvent[] | undefined;
  /** Resolves when the head goes beyond the position, or the signal aborts. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;
}

const MAX_EVENTS = 4_096;
const MAX_PAYLOAD_CHARS = 8 * 1024 * 1024;

export const createTail = (): Tail => {
  const head = createRisingHead(-1n);
  let from = 0n; // what came up to here is not in `events`
  let events: RecordedEvent[] = [];
  let chars = 0;

  const trim = (): void => {
    // In large steps, because cutting the front off an array copies the rest.
    if (events.length <= 2 * MAX_EVENTS && chars <= 2 * MAX_PAYLOAD_CHARS) return;
    let cut = Math.max(0, events.length - MAX_EVENTS);
    chars = events.slice(cut).reduce((sum, event) => sum + event.payload.length, 0);
    for (; chars > MAX_PAYLOAD_CHARS && cut < events.length; cut++) chars -= events[cut]?.payload.length ?? 0;
    from = events[cut - 1]?.position ?? from;
    events = events.slice(cut);
  };
  /** Place of the first event after the position. */
  const search = (position: bigint): number => {
    let low = 0;
    for (let high = events.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((events[middle]?.position ?? 0n) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get head() {
      return head.position;
    },
    start(position) {
      from = position;
      events = [];
      chars = 0;
      head.raise(position);
    },
    add(event) {
      events.push(event);
      chars += event.payload.length;
      trim();
      head.raise(event.position);
    },
    pass: (position) => head.raise(position),
    after: (position) => (head.position < 0n || position < from ? undefined : events.slice(search(position))),
    beyond: (position, signal) => head.beyond(position, signal),
  };
};
