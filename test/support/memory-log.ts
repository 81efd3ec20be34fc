import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import type { EventLog, LogMessage } from '../../src/events/event-log.js';
import { pagesOf } from './pages.js';

/** An event log in memory that a test fills by hand, for tests of what reads the log. */
export interface MemoryLog extends Pick<EventLog, 'logId' | 'readAll' | 'readPages' | 'subscribe' | 'head'> {
  /** Shows these events to readers; positions must go on from the last. */
  publish(events: readonly AnyRecorded[]): void;
}

/** Asked anew each time: a signal may abort while a reader is busy. */
const isOpen = (signal: AbortSignal): boolean => !signal.aborted;

export function createMemoryLog(logId = 'log-1'): MemoryLog {
  const events: AnyRecorded[] = [];
  const waiting = new Set<() => void>();
  const head = (): bigint => events.at(-1)?.meta.position ?? 0n;
  const wanted = (types: readonly string[] | undefined, { type }: AnyRecorded): boolean =>
    types === undefined || types.includes(type);

  const news = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done);
    });

  async function* readAll(options: Parameters<EventLog['readAll']>[0] = {}): AsyncGenerator<AnyRecorded> {
    const { after = 0n, until = head(), types } = options;
    for (const event of events.filter(({ meta }) => meta.position > after && meta.position <= until)) {
      await Promise.resolve();
      if (wanted(types, event)) yield event;
    }
  }

  async function* subscribe(options: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<LogMessage> {
    const { signal, types } = options;
    let at = options.after === 'end' ? head() : options.after;
    while (isOpen(signal)) {
      const more = news(signal);
      const until = head();
      for await (const event of readAll({ after: at, until, types })) {
        if (!isOpen(signal)) return;
        yield { kind: 'event', event };
      }
      at = until;
      yield { kind: 'caught-up', position: at };
      if (head() === at) await more;
    }
  }

  return {
    logId,
    readAll,
    readPages: (options = {}) =>
      pagesOf(readAll(options), {
        pageSize: options.pageSize ?? 1000,
        positionOf: ({ meta }) => meta.position,
        until: options.until ?? head(),
      }),
    subscribe,
    head: () => Promise.resolve({ position: head(), recordedAt: events.at(-1)?.meta.recordedAt ?? null }),
    publish(more) {
      events.push(...more);
      for (const wake of waiting) wake();
    },
  };
}
