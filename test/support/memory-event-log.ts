import { randomUUID } from 'node:crypto';
import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import type { EventLog, EventToAppend, LogMessage } from '../../src/events/event-log.js';
import { eventIdConflict, wrongExpectedRevision } from '../../src/events/store-errors.js';
import type { ExpectedRevision } from '../../src/events/store.js';
import { pagesOf } from './pages.js';

/** An event log in memory for tests of pure logic: the promises of the port, without encryption and durability. */
export interface MemoryEventLog extends EventLog {
  readonly recorded: readonly AnyRecorded[];
  /** Streams in the order in which `readStream` was asked for, with the revision asked from. */
  readonly reads: { stream: string; from: number }[];
  /** Runs once, just before the next append: the moment in which another writer is faster. */
  beforeAppend: (() => Promise<void>) | undefined;
}

const refuses = (expected: ExpectedRevision, actual: number): boolean =>
  typeof expected === 'number'
    ? expected !== actual
    : (expected === 'noStream' && actual >= 0) || (expected === 'streamExists' && actual < 0);

export const createMemoryEventLog = (): MemoryEventLog => {
  const recorded: AnyRecorded[] = [];
  const reads: MemoryEventLog['reads'] = [];
  const waiting = new Set<() => void>();
  const inStream = (stream: string) => recorded.filter((event) => event.meta.stream === stream);

  const write = (stream: string, events: readonly EventToAppend[], expected: ExpectedRevision) => {
    const present = inStream(stream);
    const known = events.map(({ id }) => recorded.find((event) => event.meta.id === id));
    if (events.length > 0 && known.every((event) => event?.meta.stream === stream)) {
      const last = known.at(-1)!.meta;
      return { revision: last.revision, position: last.position, duplicate: true };
    }
    if (known.some((event) => event !== undefined)) throw eventIdConflict(stream);
    if (refuses(expected, present.length - 1)) throw wrongExpectedRevision(stream, expected, present.length - 1);
    events.forEach(({ event, subject: _subject, ...meta }, at) =>
      recorded.push({
        ...structuredClone(event),
        meta: {
          ...meta,
          stream,
          revision: present.length + at,
          position: BigInt(recorded.length + 1),
          recordedAt: meta.occurredAt,
          hash: '',
        },
      }),
    );
    for (const wake of waiting) wake();
    return { revision: present.length + events.length - 1, position: BigInt(recorded.length), duplicate: false };
  };

  async function* subscribe({
    after,
    types,
    signal,
  }: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<LogMessage> {
    let position = after === 'end' ? BigInt(recorded.length) : after;
    while (!signal.aborted) {
      for (const event of recorded.slice(Number(position))) {
        position = event.meta.position;
        if (types === undefined || types.includes(event.type)) yield { kind: 'event', event };
      }
      if (BigInt(recorded.length) > position) continue;
      yield { kind: 'caught-up', position };
      if (BigInt(recorded.length) > position) continue;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
        if (signal.aborted) wake();
      });
    }
  }

  async function* readStream(stream: string, from = 0): AsyncGenerator<AnyRecorded> {
    reads.push({ stream, from });
    await Promise.resolve();
    yield* inStream(stream).slice(from);
  }

  async function* readAll(): AsyncGenerator<AnyRecorded> {
    await Promise.resolve();
    yield* recorded;
  }

  const log: MemoryEventLog = {
    logId: randomUUID(),
    recorded,
    reads,
    beforeAppend: undefined,
    append: async (stream, events, expected) => {
      const hook = log.beforeAppend;
      log.beforeAppend = undefined;
      await hook?.();
      return write(stream, events, expected);
    },
    readStream,
    readAll,
    readPages: () =>
      pagesOf(readAll(), {
        pageSize: 100,
        positionOf: ({ meta }) => meta.position,
        until: BigInt(recorded.length),
      }),
    subscribe,
    head: () =>
      Promise.resolve({ position: BigInt(recorded.length), recordedAt: recorded.at(-1)?.meta.recordedAt ?? null }),
    open: (event) => Promise.resolve(event),
  };
  return log;
};
