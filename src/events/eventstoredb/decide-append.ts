import { isExpected } from '../expected-revision.js';
import { bodyHash, linkHash } from '../hash-chain.js';
import { eventIdConflict, wrongExpectedRevision } from '../store.js';
import type { EventStoreError, ExpectedRevision, NewEvent } from '../store.js';
import type { KnownStream } from './known-streams.js';
import type { PlacedEvent } from './stored-event.js';

/** What is to be done with an append, as far as the stream is known. */
export type AppendDecision =
  | { readonly kind: 'write' }
  /** All of it is there; the last of it stands at this revision. */
  | { readonly kind: 'duplicate'; readonly revision: number }
  /** `final`: also if the stream has more events by now. */
  | { readonly kind: 'refuse'; readonly error: EventStoreError; readonly final: boolean };

/** Pure; see `EventStore.append` for the rules. */
export const decideAppend = (
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
  known: KnownStream,
): AppendDecision => {
  const revisions = events.flatMap(({ id }) => known.ids.get(id) ?? []);
  if (revisions.length === events.length) return { kind: 'duplicate', revision: Math.max(...revisions) };
  if (revisions.length > 0) return { kind: 'refuse', error: eventIdConflict(stream), final: true };
  if (isExpected(expected, known.revision)) return { kind: 'write' };
  return { kind: 'refuse', error: wrongExpectedRevision(stream, expected, known.revision), final: false };
};

/** The events with their places in the chain of their stream, behind what is known of it. */
export const placeEvents = (
  stream: string,
  events: readonly NewEvent[],
  known: KnownStream,
  nowMs: number,
): (PlacedEvent & { readonly revision: number })[] => {
  const hashedAt = new Date(nowMs).toISOString();
  let previousHash = known.hash;
  return events.map((event, index) => {
    const revision = known.revision + 1 + index;
    const previous = previousHash;
    previousHash = linkHash(Buffer.from(previous, 'hex'), revision, nowMs, bodyHash(stream, event)).toString('hex');
    return { event, revision, hashedAt, previousHash: previous, hash: previousHash };
  });
};
