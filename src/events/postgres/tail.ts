import { createRisingHead } from '../rising-head.js';
import type { RecordedEvent } from '../store.js';

/**
 * The newest part of the log, in memory: how far the log goes as far as this process knows, and the last events that this
 * process wrote itself. Subscriptions take those from here and read the database only for what others wrote.
 */
export interface Tail {
  /** The last position known to be committed. */
  readonly head: bigint;
  /** Events that were just committed, in order of position without a hole. */
  publish(events: readonly RecordedEvent[]): void;
  /** The log is known to reach to here. */
  raise(position: bigint): void;
  /** All events from just after `position` to `head`, or undefined when some are not here. */
  after(position: bigint): readonly RecordedEvent[] | undefined;
  /** Resolves when the log is known to go beyond `position`, or the signal aborts. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;
}

const MAX_EVENTS = 4_096;
const MAX_PAYLOAD_CHARS = 8 * 1024 * 1024;

export function createTail(): Tail {
  const head = createRisingHead(0n);
  let events: RecordedEvent[] = [];
  let chars = 0;

  const last = (): bigint => events.at(-1)?.position ?? -1n;
  const trim = (): void => {
    // In large steps, because cutting the front off an array copies the rest.
    if (events.length <= 2 * MAX_EVENTS && chars <= 2 * MAX_PAYLOAD_CHARS) return;
    let from = Math.max(0, events.length - MAX_EVENTS);
    chars = events.slice(from).reduce((sum, event) => sum + event.payload.length, 0);
    for (; chars > MAX_PAYLOAD_CHARS && from < events.length; from++) chars -= events[from]?.payload.length ?? 0;
    events = events.slice(from);
  };

  return {
    get head() {
      return head.position;
    },
    raise: (position) => head.raise(position),
    publish(written) {
      const first = written[0];
      const end = written.at(-1);
      if (first === undefined || end === undefined || end.position <= last()) return;
      if (first.position !== last() + 1n) {
        events = [];
        chars = 0;
      }
      for (const event of written) {
        events.push(event);
        chars += event.payload.length;
      }
      trim();
      head.raise(end.position);
    },
    after(position) {
      const first = events[0];
      if (first === undefined || position < first.position - 1n || last() < head.position) return undefined;
      return events.slice(Number(position - first.position) + 1);
    },
    beyond: (position, signal) => head.beyond(position, signal),
  };
}
