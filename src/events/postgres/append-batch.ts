import type { QueryArrayConfig } from 'pg';
import { bodyHash, linkHash } from '../hash-chain.js';
import { eventIdConflict, wrongExpectedRevision } from '../store.js';
import type { AppendResult, EventStoreError, ExpectedRevision, NewEvent, RecordedEvent } from '../store.js';
import { hashArray, int2Array, int4Array, int8Array, textArray, uuidArray } from './binary-array.js';

/** One call of `append`, as it goes into a batch. */
export interface AppendRequest {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
  /** `bodyHash` of each event. */
  readonly bodies: readonly Buffer[];
}

/** What the database decided about one request. */
export interface Decision {
  readonly result: AppendResult | EventStoreError;
  /** Where the first event went; undefined when nothing was written. */
  readonly written?: { readonly recordedMs: number; readonly before: Buffer };
}

export const appendRequest = (
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): AppendRequest => ({ stream, events, expected, bodies: events.map((event) => bodyHash(stream, event)) });

/** Numbers for the kinds of expectation, as `append_batch` takes them. */
const expectation = { noStream: -1, any: -2, streamExists: -3 } as const;
const batchSql = 'SELECT * FROM append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)';

const oneSql = 'SELECT append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)';

const expectationNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : expectation[expected];

const singleQuery = ({ stream, expected }: AppendRequest, event: NewEvent, body: Buffer): QueryArrayConfig => ({
  name: 'append-one',
  text: oneSql,
  rowMode: 'array',
  values: [
    stream,
    expectationNumber(expected),
    event.id,
    event.type,
    event.schemaVersion,
    event.payload,
    Date.parse(event.occurredAt),
    event.causationId,
    event.correlationId,
    event.actor.kind,
    event.actor.id,
    body,
  ],
});

/** The quick statement for one request of one event, or undefined. It may leave the decision to `batchQuery`. */
export function quickQuery(requests: readonly AppendRequest[]): QueryArrayConfig | undefined {
  const [request] = requests;
  const [event] = request?.events ?? [];
  const [body] = request?.bodies ?? [];
  if (requests.length > 1 || request === undefined || event === undefined || body === undefined) return undefined;
  return request.events.length === 1 ? singleQuery(request, event, body) : undefined;
}

/** The one statement that decides and writes a batch. No two requests may name the same stream. */
export function batchQuery(requests: readonly AppendRequest[]): QueryArrayConfig {
  const events = requests.flatMap((request) => request.events);
  let next = 1;
  const firsts = requests.map((request) => (next += request.events.length) - request.events.length);
  return {
    name: 'append-batch',
    text: batchSql,
    rowMode: 'array',
    values: [
      textArray(requests.map(({ stream }) => stream)),
      int4Array(requests.map(({ expected }) => expectationNumber(expected))),
      int4Array(requests.map((request) => request.events.length)),
      int4Array(firsts),
      int4Array(requests.flatMap((request, index) => request.events.map(() => index + 1))),
      int4Array(requests.flatMap((request) => request.events.map((_, index) => index + 1))),
      uuidArray(events.map((event) => event.id)),
      textArray(events.map((event) => event.type)),
      int2Array(events.map((event) => event.schemaVersion)),
      textArray(events.map((event) => event.payload)),
      int8Array(events.map((event) => Date.parse(event.occurredAt))),
      textArray(events.map((event) => event.causationId)),
      textArray(events.map((event) => event.correlationId)),
      textArray(events.map((event) => event.actor.kind)),
      textArray(events.map((event) => event.actor.id)),
      hashArray(requests.flatMap((request) => request.bodies)),
    ],
  };
}

/** Request (from 1), outcome, last revision, last position, hash before the first event (hex), recorded at (ms). */
type Row = [number, number, number, string | null, string | null, string | null];

/** `append_one` gives its row as one text, `(1,0,7,42,00…00,1790000000000)`. */
function asRow(row: readonly unknown[]): Row {
  if (typeof row[0] !== 'string') return row as Row;
  const [request, outcome, revision, position, before, recorded] = row[0].slice(1, -1).split(',');
  const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
  return [Number(request), Number(outcome), Number(revision), orNull(position), orNull(before), orNull(recorded)];
}

function decision(request: AppendRequest, row: Row): Decision | undefined {
  const [, outcome, revision, position, before, recordedMs] = row;
  switch (outcome) {
    case 0:
      return {
        result: { revision, position: BigInt(position ?? 0), duplicate: false },
        written: { recordedMs: Number(recordedMs), before: Buffer.from(before ?? '', 'hex') },
      };
    case 1:
      return { result: { revision, position: BigInt(position ?? 0), duplicate: true } };
    case 2:
      return { result: eventIdConflict(request.stream) };
    case 3:
      return { result: wrongExpectedRevision(request.stream, request.expected, revision) };
    case 4:
      return undefined;
    default:
      throw new Error(`append_batch gave the unknown outcome ${outcome}`);
  }
}

/** Reads the answer: one decision for each request, in their order. Undefined when `quickQuery` left it to `batchQuery`. */
export function readDecisions(
  requests: readonly AppendRequest[],
  rows: readonly unknown[][],
): readonly Decision[] | undefined {
  const byRequest = new Map(rows.map(asRow).map((row) => [row[0], row]));
  const decisions: Decision[] = [];
  for (const [index, request] of requests.entries()) {
    const row = byRequest.get(index + 1);
    if (row === undefined) throw new Error('append_batch left a request out');
    const decided = decision(request, row);
    if (decided === undefined) return undefined;
    decisions.push(decided);
  }
  return decisions;
}

/** The events that a decision wrote, as a reader will get them, without reading them back. */
export function writtenEvents(request: AppendRequest, { result, written }: Decision): RecordedEvent[] {
  if (written === undefined || result instanceof Error) return [];
  const recordedAt = new Date(written.recordedMs).toISOString();
  const count = request.events.length;
  let previous = written.before;
  return request.events.map((event, index) => {
    const revision = result.revision - count + 1 + index;
    const hash = linkHash(previous, revision, written.recordedMs, request.bodies[index] ?? Buffer.alloc(0));
    const recorded: RecordedEvent = {
      id: event.id,
      type: event.type,
      schemaVersion: event.schemaVersion,
      payload: event.payload,
      occurredAt: event.occurredAt,
      causationId: event.causationId,
      correlationId: event.correlationId,
      actor: event.actor,
      stream: request.stream,
      revision,
      position: result.position - BigInt(count - 1 - index),
      recordedAt,
      previousHash: previous.toString('hex'),
      hash: hash.toString('hex'),
    };
    previous = hash;
    return recorded;
  });
}
