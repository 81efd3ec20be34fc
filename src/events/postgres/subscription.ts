import { isLogGap } from '../store.js';
import type { LogGapError, RecordedEvent, SubscribeOptions, SubscriptionMessage } from '../store.js';
import { readPages, readStream, type Page, type RunQuery } from './reader.js';
import type { Tail } from './tail.js';
import { unlessAborted } from '../waiting.js';

export interface SubscriptionParts {
  readonly tail: Tail;
  /** Must try again after lost connections for as long as the signal lasts. */
  readonly run: RunQuery;
  /** Brings the tail's head up to date with the database. */
  readonly refresh: () => Promise<bigint>;
  readonly pageSize: number;
  /** Told of a damaged log, before the subscription ends with the error. */
  readonly alarm: (error: LogGapError) => void;
  readonly signal: AbortSignal;
}

/** See `EventStore.subscribe`. */
export async function* subscribe(
  parts: SubscriptionParts,
  { to, after, types }: Omit<SubscribeOptions, 'signal'>,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  try {
    const head = await unlessAborted(parts.refresh(), parts.signal);
    if (head === 'aborted') return;
    if (to === 'all') yield* toAll(parts, after === 'end' ? head : BigInt(after), types);
    else yield* toStream(parts, to.stream, after, types);
  } catch (error) {
    if (parts.signal.aborted) return;
    if (isLogGap(error)) parts.alarm(error);
    throw error;
  }
}

async function* toAll(
  parts: SubscriptionParts,
  after: bigint,
  types: readonly string[] | undefined,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const { tail, signal } = parts;
  const wanted = types === undefined ? undefined : new Set(types);
  let cursor = after; // all up to here has been looked at
  let told = after; // the consumer knows that
  for (let first = true; ; first = false) {
    let given = first;
    while (cursor < tail.head) {
      for await (const page of nextPages(parts, cursor, types)) {
        for (const event of page.events) {
          if (signal.aborted) return;
          if (wanted?.has(event.type) === false) continue;
          yield { kind: 'event', event };
          told = event.position;
          given = true;
        }
        cursor = page.to;
        if (signal.aborted) return;
        if (told < cursor) yield { kind: 'checkpoint', position: cursor };
        told = cursor;
      }
      if (signal.aborted) return;
    }
    if (given) yield { kind: 'caught-up', position: cursor };
    await tail.beyond(cursor, signal);
    if (signal.aborted) return;
  }
}

/** What comes after the cursor, as far as it is known: from memory if it is there, else from the database. */
async function* nextPages(
  parts: SubscriptionParts,
  after: bigint,
  types: readonly string[] | undefined,
): AsyncGenerator<Page, void, undefined> {
  const recent = parts.tail.after(after);
  if (recent !== undefined) {
    yield { events: recent, to: recent.at(-1)?.position ?? after };
    return;
  }
  const pages = readPages(parts.run, { after, until: parts.tail.head, types, pageSize: parts.pageSize });
  for (;;) {
    const page = await unlessAborted(pages.next(), parts.signal);
    if (page === 'aborted' || page.done === true) return;
    yield page.value;
  }
}

async function* toStream(
  parts: SubscriptionParts,
  stream: string,
  after: SubscribeOptions['after'],
  types: readonly string[] | undefined,
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const { tail, signal } = parts;
  const wanted = types === undefined ? undefined : new Set(types);
  let revision = after === 'end' ? await lastRevision(parts, stream) : Number(after);
  let seen = -1n; // the place in the whole log up to which this stream has been looked at
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const head = tail.head;
    const recent = seen < 0n ? undefined : tail.after(seen)?.filter((event) => event.stream === stream);
    let given = seen < 0n;
    for await (const event of recent ?? streamAfter(parts, stream, revision)) {
      if (isOver()) return;
      if (event.revision <= revision) continue;
      revision = event.revision;
      if (wanted?.has(event.type) === false) continue;
      yield { kind: 'event', event };
      given = true;
    }
    if (isOver()) return;
    seen = head;
    if (given) yield { kind: 'caught-up', position: seen };
    await tail.beyond(seen, signal);
  }
}

async function* streamAfter(parts: SubscriptionParts, stream: string, revision: number): AsyncGenerator<RecordedEvent> {
  const events = readStream(parts.run, stream, { from: revision + 1, pageSize: parts.pageSize });
  for (;;) {
    const event = await unlessAborted(events.next(), parts.signal);
    if (event === 'aborted' || event.done === true) return;
    yield event.value;
  }
}

async function lastRevision(parts: SubscriptionParts, stream: string): Promise<number> {
  const last = readStream(parts.run, stream, { direction: 'backwards', limit: 1, pageSize: 1 });
  const found = await unlessAborted(last.next(), parts.signal);
  return found === 'aborted' || found.done === true ? -1 : found.value.revision;
}
