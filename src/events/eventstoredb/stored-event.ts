import type { AllStreamRecordedEvent, RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { z } from 'zod';
import { actorSchema } from '../envelope.js';
import { FIRST_PREVIOUS_HASH } from '../hash-chain.js';
import type { NewEvent, RecordedEvent } from '../store.js';

/**
 * How an event is kept in EventStoreDB. Data: the payload, byte for byte. Metadata: the rest. The server's own event id is
 * drawn for each writing, not the event's id: the server takes a second writing of known ids for a repeat without looking at
 * what is in it, and the hash of what another process wrote under the same id is not the hash of what this one wanted to.
 */
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const metadataSchema = z.object({
  citizen: z.literal(1),
  id: z.string(),
  version: z.int(),
  occurredAt: z.string(),
  $causationId: z.string().optional(),
  $correlationId: z.string().optional(),
  actor: actorSchema,
  hashedAt: z.string(),
  previousHash: hex,
  hash: hex,
});
type Metadata = z.infer<typeof metadataSchema>;

/** An event at its place in the chain, ready to be written. */
export interface PlacedEvent {
  readonly event: NewEvent;
  readonly hashedAt: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** An event as it goes to the server. */
export interface EncodedEvent {
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** Whether the client, which parses JSON, gives this very text back when it is written as JSON again. */
const survivesParsing = (payload: string): boolean => {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && JSON.stringify(value) === payload;
  } catch {
    return false;
  }
};

export const encodeEvent = ({ event, hashedAt, previousHash, hash }: PlacedEvent): EncodedEvent => {
  const metadata: Metadata = {
    citizen: 1,
    id: event.id,
    version: event.schemaVersion,
    occurredAt: event.occurredAt,
    ...(event.causationId === undefined ? {} : { $causationId: event.causationId }),
    ...(event.correlationId === undefined ? {} : { $correlationId: event.correlationId }),
    actor: event.actor,
    hashedAt,
    previousHash,
    hash,
  };
  return {
    type: event.type,
    // JSON can be read in the server's own pages; anything else is kept as bytes.
    contentType: survivesParsing(event.payload) ? 'application/json' : 'application/octet-stream',
    data: Buffer.from(event.payload, 'utf8'),
    metadata: Buffer.from(JSON.stringify(metadata), 'utf8'),
  };
};

const payloadOf = (event: ClientEvent | AllStreamRecordedEvent): string => {
  const data: unknown = event.data;
  if (data instanceof Uint8Array) return Buffer.from(data).toString('utf8');
  // Malformed JSON comes back as text; kept as it is, so that the hash tells.
  return typeof data === 'string' ? data : JSON.stringify(data);
};

/** So that no reader takes an event for its own which this program did not write. */
const FOREIGN_VERSION = 32_767;

/**
 * An event as this program reads it. What somebody else wrote into one of our streams (an event without our metadata, a
 * link) keeps its place, as an event of a version that nobody knows, with a hash that cannot be right.
 * @returns undefined when the server does not say where in the whole log the event is (older than 22.6)
 */
export const decodeEvent = (event: ClientEvent | AllStreamRecordedEvent, prefix: string): RecordedEvent | undefined => {
  const { position } = event;
  if (position === undefined || position.commit > 0x7fff_ffff_ffff_ffffn) return undefined;
  const place = {
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    position: position.commit,
    recordedAt: event.created.toISOString(),
    type: event.type,
    payload: payloadOf(event),
  };
  const parsed = metadataSchema.safeParse(event.metadata);
  if (!parsed.success) {
    return {
      ...place,
      id: event.id,
      schemaVersion: FOREIGN_VERSION,
      occurredAt: place.recordedAt,
      actor: { kind: 'system' },
      previousHash: FIRST_PREVIOUS_HASH,
      hash: FIRST_PREVIOUS_HASH,
    };
  }
  const { id, version, occurredAt, $causationId, $correlationId, actor, hashedAt, previousHash, hash } = parsed.data;
  return {
    ...place,
    id,
    schemaVersion: version,
    occurredAt,
    causationId: $causationId,
    correlationId: $correlationId,
    actor,
    hashedAt,
    previousHash,
    hash,
  };
};
