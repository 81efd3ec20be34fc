import type { QueryArrayConfig } from 'pg';
import type { NewEvent } from '../store.js';
import { hashArray, int2Array, int4Array, int8Array, textArray, uuidArray } from './binary-array.js';
import type { Plan } from './known-log.js';

/** An event at its planned place. */
interface Placed {
  readonly stream: string;
  readonly revision: number;
  readonly event: NewEvent;
  readonly before: Buffer;
  readonly hash: Buffer;
  readonly logHash: Buffer;
}

const columns = `position, recorded_ms, stream, revision, event_id, type, schema_version, payload, occurred_ms,
  causation_id, correlation_id, actor_kind, actor_id, previous_hash, hash, log_hash`;

// Moves the head, and by that locks it, only if the log ends where the plan says; writes nothing otherwise.
const moved = `WITH moved AS (
    UPDATE log_head SET position = $1, recorded_ms = $2, log_hash = $4 WHERE position = $3 AND log_hash = $5 RETURNING true
  )
  INSERT INTO events (${columns})`;
const oneSql = `${moved}
  SELECT $1::bigint, $2::bigint, $6, $7::integer, $8::uuid, $9, $10::smallint, $11, $12::bigint, $13, $14, $15, $16,
         $17::bytea, $18::bytea, $4::bytea
    FROM moved`;
const manySql = `${moved}
  SELECT $3::bigint + number, $2::bigint, stream, revision, id, type, version, payload, occurred, causation, correlation,
         actor_kind, actor_id, before, hash, log_hash
    FROM moved,
         unnest($6::text[], $7::integer[], $8::uuid[], $9::text[], $10::smallint[], $11::text[], $12::bigint[], $13::text[],
                $14::text[], $15::text[], $16::text[], $17::bytea[], $18::bytea[], $19::bytea[])
           WITH ORDINALITY AS event(stream, revision, id, type, version, payload, occurred, causation, correlation,
                                    actor_kind, actor_id, before, hash, log_hash, number)`;

function placedEvents({ requests, decisions }: Plan): Placed[] {
  return requests.flatMap(({ stream, events }, index) => {
    const { result, written } = decisions[index] ?? {};
    if (result === undefined || result instanceof Error || written === undefined) return [];
    const first = result.revision - events.length + 1;
    return events.map((event, at) => ({
      stream,
      revision: first + at,
      event,
      before: written.hashes[at] ?? Buffer.alloc(0),
      hash: written.hashes[at + 1] ?? Buffer.alloc(0),
      logHash: written.logHashes[at] ?? Buffer.alloc(0),
    }));
  });
}

const one = ({ stream, revision, event, before, hash }: Placed): unknown[] => [
  stream,
  revision,
  event.id,
  event.type,
  event.schemaVersion,
  event.payload,
  Date.parse(event.occurredAt),
  event.causationId,
  event.correlationId,
  event.actor.kind,
  event.actor.id,
  before,
  hash,
];

const many = (placed: readonly Placed[]): unknown[] => [
  textArray(placed.map(({ stream }) => stream)),
  int4Array(placed.map(({ revision }) => revision)),
  uuidArray(placed.map(({ event }) => event.id)),
  textArray(placed.map(({ event }) => event.type)),
  int2Array(placed.map(({ event }) => event.schemaVersion)),
  textArray(placed.map(({ event }) => event.payload)),
  int8Array(placed.map(({ event }) => Date.parse(event.occurredAt))),
  textArray(placed.map(({ event }) => event.causationId)),
  textArray(placed.map(({ event }) => event.correlationId)),
  textArray(placed.map(({ event }) => event.actor.kind)),
  textArray(placed.map(({ event }) => event.actor.id)),
  hashArray(placed.map(({ before }) => before)),
  hashArray(placed.map(({ hash }) => hash)),
  hashArray(placed.map(({ logHash }) => logHash)),
];

/**
 * The statement that writes a plan. It writes all events of it, or, when another process has written since, none; then, and
 * when it violates a unique index (an event id or a stream that exists already), `append_batch` must decide.
 */
export function plannedQuery(plan: Plan): QueryArrayConfig {
  const placed = placedEvents(plan);
  const [first] = placed;
  const end = [plan.last, plan.recordedMs, plan.after, plan.logHash, plan.afterHash];
  return placed.length === 1 && first !== undefined
    ? { name: 'append-planned-one', text: oneSql, rowMode: 'array', values: [...end, ...one(first)] }
    : { name: 'append-planned', text: manySql, rowMode: 'array', values: [...end, ...many(placed)] };
}
