import type { QueryArrayConfig } from 'pg';
import type { Actor } from '../envelope.js';
import type { RecordedEvent } from '../store.js';

const columnsWithoutHashes =
  'position, stream, revision, event_id, type, schema_version, payload, occurred_ms, recorded_ms, ' +
  'causation_id, correlation_id, actor_kind, actor_id';
/** The columns of one event, in the order that `decodeRows` expects. */
export const eventColumns = `${columnsWithoutHashes}, previous_hash, hash`;
/** The same with no hashes, or with all. */
export const eventColumnsWith = {
  none: columnsWithoutHashes,
  stream: eventColumns,
  all: `${eventColumns}, log_hash`,
} as const;

/** As the server sends them. */
type Row = readonly [
  position: string,
  stream: string,
  revision: string,
  eventId: string,
  type: string,
  schemaVersion: string,
  payload: string,
  occurredMs: string,
  recordedMs: string,
  causationId: string | null,
  correlationId: string | null,
  actorKind: Actor['kind'],
  actorId: string | null,
  previousHash?: string,
  hash?: string,
  logHash?: string,
];

/** Leaves each value as the text that the server sent: parsing into Buffers, and those into hex, would cost more than reading. */
const asSent = { getTypeParser: () => (value: string) => value } as unknown as NonNullable<QueryArrayConfig['types']>;

/** A prepared statement that gives `eventColumns`. */
export const eventsQuery = (name: string, text: string, values: unknown[]): QueryArrayConfig => ({
  name,
  text,
  values,
  rowMode: 'array',
  types: asSent,
});

/** Writes times as ISO 8601; the same time as the one before needs no formatting. */
function isoWriter(): (ms: string) => string {
  let lastMs = '';
  let lastIso = '';
  return (ms) => {
    if (ms === lastMs) return lastIso;
    lastMs = ms;
    return (lastIso = new Date(Number(ms)).toISOString());
  };
}

/** Makes events of the rows of an `eventsQuery`. */
export function decodeRows(rows: readonly unknown[]): RecordedEvent[] {
  // Events of one append share their times, but the two times of one event differ.
  const recorded = isoWriter();
  const occurred = isoWriter();
  return (rows as Row[]).map((row) => {
    const recordedAt = recorded(row[8]);
    return {
      id: row[3],
      type: row[4],
      schemaVersion: Number(row[5]),
      payload: row[6],
      occurredAt: occurred(row[7]),
      causationId: row[9] ?? undefined,
      correlationId: row[10] ?? undefined,
      actor: row[12] === null ? { kind: row[11] } : { kind: row[11], id: row[12] },
      stream: row[1],
      revision: Number(row[2]),
      position: BigInt(row[0]),
      recordedAt,
      previousHash: row[13]?.slice(2) ?? '',
      hash: row[14]?.slice(2) ?? '',
      logHash: row[15]?.slice(2),
    };
  });
}
