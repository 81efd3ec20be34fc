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
  let head = 0n;
  let events: RecordedEvent[] = [];
  let chars = 0;
  const waiting = new Set<() => void>();

  const last = (): bigint => events.at(-1)?.position ?? -1n;
  const trim = (): void => {
    // In large steps, because cutting the front off an array copies the rest.
    if (events.length <= 2 * MAX_EVENTS && chars <= 2 * MAX_PAYLOAD_CHARS) return;
    let from = Math.max(0, events.length - MAX_EVENTS);
    chars = events.slice(from).reduce((sum, event) => sum + event.payload.length, 0);
    for (; chars > MAX_PAYLOAD_CHARS && from < events.length; from++) chars -= events[from]?.payload.length ?? 0;
    events = events.slice(from);
  };
  const raise = (position: bigint): void => {
    if (position <= head) return;
    head = position;
    for (const wake of [...waiting]) wake();
  };

  return {
    get head() {
      return head;
    },
    raise,
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
      raise(end.position);
    },
    after(position) {
      const first = events[0];
      if (first === undefined || position < first.position - 1n || last() < head) return undefined;
      return events.slice(Number(position - first.position) + 1);
    },
    beyond: (position, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const wake = (): void => {
          if (head > position) done();
        };
        if (head > position || signal.aborted) {
          resolve();
          return;
        }
        waiting.add(wake);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}
