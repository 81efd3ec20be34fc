import type { QueryArrayConfig } from 'pg';
import { bodyHash, linkHash, logHashAfter } from '../hash-chain.js';
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
  /** Undefined when nothing was written. */
  readonly written?: Written | undefined;
}

export interface Written {
  readonly recordedMs: number;
  /** The hash before the first event, then that of each event. */
  readonly hashes: readonly Buffer[];
  /** Of the whole log up to each event. */
  readonly logHashes: readonly Buffer[];
}

export const appendRequest = (
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): AppendRequest => ({ stream, events, expected, bodies: events.map((event) => bodyHash(stream, event)) });

/** Numbers for the kinds of expectation, as `append_batch` takes them. */
const expectation = { noStream: -1, any: -2, streamExists: -3 } as const;
const batchSql = 'SELECT * FROM append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)';

const expectationNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : expectation[expected];

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

/** Request (from 1), outcome, last revision, last position, hash before the first event, of the log before the batch, time. */
type Row = [
  request: number,
  outcome: number,
  revision: number,
  position: string | null,
  beforeFirst: string,
  logBefore: string,
  recordedMs: string,
];

/** The hashes of the events of a request that come after this one; see `Decision.written`. */
export function chainHashes(request: AppendRequest, before: Buffer, first: number, recordedMs: number): Buffer[] {
  const hashes = [before];
  let last = before;
  for (const [index, body] of request.bodies.entries()) {
    last = linkHash(last, first + index, recordedMs, body);
    hashes.push(last);
  }
  return hashes;
}

/** The log hashes of events with these hashes that follow one with the log hash `before`. */
export function chainLogHashes(before: Buffer, hashes: readonly Buffer[]): Buffer[] {
  let last = before;
  return hashes.map((hash) => (last = logHashAfter(last, hash)));
}

function decision(request: AppendRequest, row: Row, logBefore: Buffer): Decision {
  const [, outcome, revision, position, before, , recorded] = row;
  const recordedMs = Number(recorded);
  switch (outcome) {
    case 0: {
      const first = revision - request.events.length + 1;
      const hashes = chainHashes(request, Buffer.from(before, 'hex'), first, recordedMs);
      return {
        result: { revision, position: BigInt(position ?? 0), duplicate: false },
        written: { recordedMs, hashes, logHashes: chainLogHashes(logBefore, hashes.slice(1)) },
      };
    }
    case 1:
      return { result: { revision, position: BigInt(position ?? 0), duplicate: true } };
    case 2:
      return { result: eventIdConflict(request.stream) };
    case 3:
      return { result: wrongExpectedRevision(request.stream, request.expected, revision) };
    default:
      throw new Error(`append_batch gave the unknown outcome ${outcome}`);
  }
}

/** Reads the answer: one decision for each request, in their order. */
export function readDecisions(requests: readonly AppendRequest[], rows: readonly unknown[][]): readonly Decision[] {
  const byRequest = new Map((rows as Row[]).map((row) => [row[0], row]));
  let logHash: Buffer | undefined;
  return requests.map((request, index) => {
    const row = byRequest.get(index + 1);
    if (row === undefined) throw new Error('append_batch left a request out');
    logHash ??= Buffer.from(row[5], 'hex');
    const decided = decision(request, row, logHash);
    logHash = decided.written?.logHashes.at(-1) ?? logHash;
    return decided;
  });
}

/** The events that a decision wrote, as a reader will get them, without reading them back. */
export function writtenEvents(request: AppendRequest, { result, written }: Decision): RecordedEvent[] {
  if (written === undefined || result instanceof Error) return [];
  const recordedAt = new Date(written.recordedMs).toISOString();
  const count = request.events.length;
  const hashes = written.hashes.map((hash) => hash.toString('hex'));
  return request.events.map((event, index) => ({
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    payload: event.payload,
    occurredAt: event.occurredAt,
    causationId: event.causationId,
    correlationId: event.correlationId,
    actor: event.actor,
    stream: request.stream,
    revision: result.revision - count + 1 + index,
    position: result.position - BigInt(count - 1 - index),
    recordedAt,
    previousHash: hashes[index] ?? '',
    hash: hashes[index + 1] ?? '',
  }));
}
