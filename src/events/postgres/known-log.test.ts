import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FIRST_LOG_HASH, FIRST_PREVIOUS_HASH } from '../hash-chain.js';
import { wrongExpectedRevision, type ExpectedRevision } from '../store.js';
import { appendRequest, chainHashes, chainLogHashes, type AppendRequest, type Decision } from './append-batch.js';
import { createKnownLog, type KnownLog } from './known-log.js';

const NOW = 1_700_000_000_000;
const request = (stream: string, expected: ExpectedRevision, count = 1): AppendRequest =>
  appendRequest(
    stream,
    Array.from({ length: count }, () => ({
      id: randomUUID(),
      type: 'T',
      schemaVersion: 1,
      payload: '{}',
      occurredAt: '2026-01-01T00:00:00.000Z',
      actor: { kind: 'system' as const },
    })),
    expected,
  );
const empty: Buffer = Buffer.from(FIRST_LOG_HASH, 'hex');
/** As the database decides a request for a stream that is new, when the whole log ends with the hash `before`. */
const accepted = (asked: AppendRequest, position: bigint, recordedMs = NOW, before = empty): Decision => {
  const hashes = chainHashes(asked, Buffer.from(FIRST_PREVIOUS_HASH, 'hex'), 0, recordedMs);
  return {
    result: { revision: asked.events.length - 1, position, duplicate: false },
    written: { recordedMs, hashes, logHashes: chainLogHashes(before, hashes.slice(1)) },
  };
};
/** The hash with which each log ended when it was last asked. */
const ends = new WeakMap<KnownLog, Buffer>();
/** The database decides one request that ends at this position, right after the one before unless another process wrote. */
const ask = (log: KnownLog, stream: string, position: bigint, recordedMs = NOW, before = ends.get(log)): void => {
  const asked = request(stream, 'noStream');
  const decision = accepted(asked, position, recordedMs, before);
  ends.set(log, decision.written?.logHashes.at(-1) ?? empty);
  log.asking()([asked], [decision]);
};
/** Certain: the log ends at position 11, `a` and `b` have one event each. */
const certainLog = (): KnownLog => {
  const log = createKnownLog();
  ask(log, 'a', 10n);
  ask(log, 'b', 11n);
  return log;
};
const revisions = (log: KnownLog, ...asked: AppendRequest[]) =>
  log.plan(asked, NOW)?.decisions.map(({ result }) => ('revision' in result ? result.revision : result));

test('nothing is planned before two answers have shown that nobody else writes', () => {
  const log = createKnownLog();
  expect(log.plan([request('a', 'noStream')], NOW)).toBeUndefined();
  ask(log, 'a', 10n);
  expect(log.certain).toBe(false);
  ask(log, 'b', 11n);
  expect(log.certain).toBe(true);
});

describe('a certain log', () => {
  test('plans places right after its end, in the order of the requests', () => {
    const plan = certainLog().plan([request('a', 0, 2), request('c', 'noStream'), request('b', 'any', 3)], NOW);
    expect(plan).toMatchObject({ after: 11n, last: 17n });
    expect(plan?.decisions.map(({ result }) => result)).toEqual([
      { revision: 2, position: 13n, duplicate: false },
      { revision: 0, position: 14n, duplicate: false },
      { revision: 3, position: 17n, duplicate: false },
    ]);
  });
  test('counts on what it has planned', () => {
    const log = certainLog();
    const first = log.plan([request('a', 0)], NOW);
    const second = log.plan([request('a', 1)], NOW);
    expect(second).toMatchObject({ after: first?.last, last: 13n });
    expect(second?.decisions[0]?.written?.hashes[0]).toEqual(first?.decisions[0]?.written?.hashes[1]);
  });
  test('chains all streams in the order of their places', () => {
    const log = certainLog();
    const first = log.plan([request('a', 0, 2), request('b', 0)], NOW)!;
    const second = log.plan([request('c', 'noStream')], NOW)!;
    const hashes = second.decisions[0]!.written!.hashes.slice(1);
    expect(first.logHash).toEqual(first.decisions[1]!.written!.logHashes[0]);
    expect(second.logHash).toEqual(chainLogHashes(first.logHash, hashes)[0]);
  });
  test.each<[string, ExpectedRevision]>([
    ['c', 'any'],
    ['c', 'streamExists'],
    ['c', 3],
    ['a', 'noStream'],
    ['a', 7],
  ])('leaves %s with expected %s to the database', (stream, expected) => {
    const log = certainLog();
    expect(revisions(log, request('b', 0), request(stream, expected))).toBeUndefined();
    expect(revisions(log, request('b', 0))).toEqual([1]);
  });
  test('never goes back in time', () => {
    const log = createKnownLog();
    ask(log, 'a', 10n, NOW + 5_000);
    ask(log, 'b', 11n, NOW + 5_000);
    expect(log.plan([request('a', 0)], NOW)?.recordedMs).toBe(NOW + 5_000);
  });
  test('plans nothing while the database is asked', () => {
    const log = certainLog();
    const answered = log.asking();
    expect(log.certain).toBe(false);
    expect(revisions(log, request('a', 0))).toBeUndefined();
    answered([], []);
    expect(revisions(log, request('a', 0))).toEqual([1]);
  });
  test('still knows its streams after a refusal', () => {
    const log = certainLog();
    log.asking()([request('a', 5)], [{ result: wrongExpectedRevision('a', 5, 0) }]);
    expect(revisions(log, request('a', 0))).toEqual([1]);
  });
  test('forgets its streams when others have written', () => {
    const log = certainLog();
    ask(log, 'c', 20n);
    expect(log.certain).toBe(false);
    ask(log, 'd', 21n);
    expect(revisions(log, request('a', 0))).toBeUndefined();
    expect(revisions(log, request('c', 0), request('d', 0))).toEqual([1, 1]);
  });
  test('forgets its streams when others have written as many events as it had planned', () => {
    const log = certainLog();
    log.plan([request('a', 0)], NOW);
    ask(log, 'c', 13n, NOW, Buffer.alloc(32, 7));
    expect(log.certain).toBe(false);
    ask(log, 'd', 14n);
    expect(revisions(log, request('a', 1))).toBeUndefined();
  });
  test('learns nothing from an answer to what was asked before it had to forget', () => {
    const log = certainLog();
    const asked = request('c', 'noStream');
    const answered = log.asking();
    log.forget();
    answered([asked], [accepted(asked, 12n)]);
    ask(log, 'd', 13n);
    expect(log.certain).toBe(false);
  });
  test('remembers a bounded number of streams, the latest ones', () => {
    const log = certainLog();
    for (let count = 0; count < 20_000; count++) log.plan([request(`s${count}`, 'noStream')], NOW);
    expect(revisions(log, request('a', 0))).toBeUndefined();
    expect(revisions(log, request('s19999', 0))).toEqual([1]);
  });
});
