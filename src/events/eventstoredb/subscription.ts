import type { SubscribeOptions, SubscriptionMessage } from '../store.js';
import { unlessAborted } from '../waiting.js';
import { readRange } from './follow.js';
import { readStream, type Head, type Reading } from './reader.js';
import type { Tail } from './tail.js';

export interface SubscriptionParts {
  readonly tail: Tail;
  readonly reading: Reading;
  /** Where the log ends now; tries for as long as the signal lasts. Undefined when it is empty. */
  readonly head: () => Promise<Head | undefined>;
  readonly signal: AbortSignal;
}

type Messages = AsyncGenerator<SubscriptionMessage, void, undefined>;
type Types = readonly string[] | undefined;

/** See `EventStore.subscribe`. History comes from the server, filtered there; what is live, from the tail of this process. */
export async function* subscribe(
  parts: SubscriptionParts,
  { to, after, types }: Omit<SubscribeOptions, 'signal'>,
): Messages {
  const head = await unlessAborted(parts.head(), parts.signal);
  if (head === 'aborted') return;
  if (to === 'all') yield* toAll(parts, head, after === 'end' ? (head?.position ?? 0n) : BigInt(after), types);
  else yield* toStream(parts, head, to.stream, after, types);
}

async function* toAll(parts: SubscriptionParts, head: Head | undefined, after: bigint, types: Types): Messages {
  const { tail, signal } = parts;
  const isOver = (): boolean => signal.aborted;
  let cursor = after; // all up to here has been looked at
  let told = after; // the consumer knows that
  let given = true; // something was given since the last signal, or there was none yet
  for (;;) {
    while (cursor < tail.head || (head !== undefined && cursor < head.position)) {
      const recent = cursor < tail.head ? tail.after(cursor) : undefined;
      const end: bigint = recent === undefined ? cursor : tail.head;
      const source = recent === undefined ? history(parts, cursor, head, types) : fromMemory(recent, end, types);
      for await (const message of source) {
        if (isOver()) return;
        cursor = message.kind === 'event' ? message.event.position : message.position;
        if (message.kind === 'event' || cursor > told) yield message;
        if (message.kind === 'event') given = true;
        told = cursor;
      }
      if (isOver()) return;
      if (head !== undefined && cursor >= head.position) head = undefined;
    }
    if (given) yield { kind: 'caught-up', position: cursor };
    given = false;
    await tail.beyond(cursor, signal);
    if (isOver()) return;
  }
}

function* fromMemory(
  recent: readonly Extract<SubscriptionMessage, { kind: 'event' }>['event'][],
  end: bigint,
  types: Types,
): Generator<SubscriptionMessage, void, undefined> {
  const wanted = types === undefined ? undefined : new Set(types);
  for (const event of recent) {
    if (wanted?.has(event.type) !== false) yield { kind: 'event', event };
  }
  if (recent.at(-1)?.position !== end || wanted?.has(recent.at(-1)?.type ?? '') === false) {
    yield { kind: 'checkpoint', position: end };
  }
}

/** What the tail does not have, any more or yet; ends with a checkpoint at the head. */
async function* history(parts: SubscriptionParts, after: bigint, head: Head | undefined, types: Types): Messages {
  const { reading, signal, tail } = parts;
  const passed = tail.head; // before the question: what comes in the meantime is not yet given
  const known = head !== undefined && head.position > after ? head : await unlessAborted(parts.head(), signal);
  if (known === 'aborted') return;
  const until = known !== undefined && known.position > after ? known : undefined;
  if (until !== undefined) {
    for await (const found of readRange(reading, { after, until, signal, forever: true }, types)) {
      if ('event' in found) yield { kind: 'event', event: found.event };
      else yield { kind: 'checkpoint', position: found.nothingUpTo };
    }
  }
  // Without an event of ours up to the tail's head (others' were passed there), that is how far it goes.
  if (!signal.aborted) yield { kind: 'checkpoint', position: until?.position ?? passed };
}

async function* toStream(
  parts: SubscriptionParts,
  head: Head | undefined,
  stream: string,
  after: SubscribeOptions['after'],
  types: Types,
): Messages {
  const { tail, reading, signal } = parts;
  const wanted = types === undefined ? undefined : new Set(types);
  const isOver = (): boolean => signal.aborted;
  let revision = after === 'end' ? await lastRevision(parts, stream) : Number(after);
  let seen: bigint | undefined; // the place in the whole log up to which this stream has been looked at
  while (!isOver()) {
    const start = head?.position ?? 0n;
    const end = tail.head > start ? tail.head : start;
    const recent = seen === undefined ? undefined : tail.after(seen)?.filter((event) => event.stream === stream);
    let given = seen === undefined;
    for await (const event of recent ?? readStream(reading, stream, { from: revision + 1, signal, forever: true })) {
      if (isOver()) return;
      if (event.revision <= revision) continue;
      revision = event.revision;
      if (wanted?.has(event.type) === false) continue;
      yield { kind: 'event', event };
      given = true;
    }
    if (isOver()) return;
    seen = end;
    if (given) yield { kind: 'caught-up', position: seen };
    await tail.beyond(seen, signal);
  }
}

async function lastRevision({ reading, signal }: SubscriptionParts, stream: string): Promise<number> {
  const last = readStream(reading, stream, { direction: 'backwards', limit: 1, signal, forever: true });
  for await (const event of last) return event.revision;
  return -1;
}
