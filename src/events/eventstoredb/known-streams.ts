import { FIRST_PREVIOUS_HASH } from '../hash-chain.js';
import type { RecordedEvent } from '../store.js';

/** What an append must know of its stream: where it ends, the hash there, and which ids it has. */
export interface KnownStream {
  /** -1: it does not exist. */
  readonly revision: number;
  /** Hash of the last event, hex. */
  readonly hash: string;
  /** Revision of each event by its id. */
  readonly ids: ReadonlyMap<string, number>;
}

export const noStream: KnownStream = { revision: -1, hash: FIRST_PREVIOUS_HASH, ids: new Map() };

/** The stream after these events of it. */
export const extended = (
  known: KnownStream,
  events: readonly Pick<RecordedEvent, 'id' | 'revision' | 'hash'>[],
): KnownStream => {
  const last = events.at(-1);
  if (last === undefined) return known;
  // The map is handed on, not copied: whoever holds the old state never asks it again.
  const ids = known.revision === -1 ? new Map<string, number>() : (known.ids as Map<string, number>);
  for (const { id, revision } of events) ids.set(id, revision);
  return { revision: last.revision, hash: last.hash, ids };
};

/** Streams that were read or written last. Always true of some moment; the server decides whether still. */
export interface KnownStreams {
  get(stream: string): KnownStream | undefined;
  set(stream: string, known: KnownStream): void;
  forget(stream: string): void;
}

/** About 150 bytes each. */
const MAX_IDS = 300_000;

export const createKnownStreams = (maxIds: number = MAX_IDS): KnownStreams => {
  const streams = new Map<string, KnownStream>(); // in order of their last use
  const sizes = new Map<string, number>();
  let total = 0;
  const forget = (stream: string): void => {
    total -= sizes.get(stream) ?? 0;
    sizes.delete(stream);
    streams.delete(stream);
  };
  return {
    get: (stream) => streams.get(stream),
    forget,
    set(stream, known) {
      forget(stream);
      streams.set(stream, known);
      sizes.set(stream, known.ids.size);
      total += known.ids.size;
      for (const oldest of streams.keys()) {
        if (total <= maxIds || oldest === stream) break;
        forget(oldest);
      }
    },
  };
};
