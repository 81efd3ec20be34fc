import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bodyHash, expectedHash, FIRST_PREVIOUS_HASH, linkHash } from './hash-chain.js';
import type { NewEvent, RecordedEvent } from './store.js';

const event: NewEvent = {
  id: '0198a0de-0000-7000-8000-000000000001',
  type: 'SomethingHappened',
  schemaVersion: 2,
  payload: '{"text":"kushɛ"}',
  occurredAt: '2026-01-02T03:04:05.678Z',
  correlationId: 'c1',
  actor: { kind: 'citizen' },
};

describe('the body hash', () => {
  test('is that of the netstrings that the documentation describes', () => {
    const text =
      '7:event/1,9:session-1,36:0198a0de-0000-7000-8000-000000000001,17:SomethingHappened,1:2,' +
      '24:2026-01-02T03:04:05.678Z,-,2:c1,7:citizen,-,17:{"text":"kushɛ"},';
    expect(bodyHash('session-1', event)).toEqual(createHash('sha256').update(text).digest());
  });

  const changes: [string, Partial<NewEvent>][] = [
    ['id', { id: '0198a0de-0000-7000-8000-000000000002' }],
    ['type', { type: 'SomethingHappene' }],
    ['schema version', { schemaVersion: 3 }],
    ['payload', { payload: '{"text":"kushe"}' }],
    ['time', { occurredAt: '2026-01-02T03:04:05.679Z' }],
    ['causation id', { causationId: 'c1', correlationId: undefined }],
    ['correlation id', { correlationId: 'c2' }],
    ['kind of actor', { actor: { kind: 'agent' } }],
    ['id of actor', { actor: { kind: 'citizen', id: '' } }],
  ];
  test.each(changes)('covers the %s', (_name, change) => {
    expect(bodyHash('session-1', { ...event, ...change })).not.toEqual(bodyHash('session-1', event));
  });
  test('covers the stream', () => {
    expect(bodyHash('session-2', event)).not.toEqual(bodyHash('session-1', event));
  });
  test('cannot be kept by moving text from one field to the next', () => {
    const one = bodyHash('a', { ...event, causationId: 'x', correlationId: 'yz' });
    const other = bodyHash('a', { ...event, causationId: 'xy', correlationId: 'z' });
    expect(one).not.toEqual(other);
  });
});

describe('the link hash', () => {
  const previous = Buffer.from(FIRST_PREVIOUS_HASH, 'hex');
  const body = bodyHash('session-1', event);
  test('covers the hash before, the revision and the time of recording', () => {
    const hashes = [
      linkHash(previous, 0, 1_700_000_000_000, body),
      linkHash(Buffer.alloc(32, 1), 0, 1_700_000_000_000, body),
      linkHash(previous, 1, 1_700_000_000_000, body),
      linkHash(previous, 0, 1_700_000_000_001, body),
    ];
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(4);
  });
  test('of a recorded event follows from its own fields, but not from its position', () => {
    const recorded: RecordedEvent = {
      ...event,
      stream: 'session-1',
      revision: 0,
      position: 12n,
      recordedAt: '2026-01-02T03:04:06.000Z',
      previousHash: FIRST_PREVIOUS_HASH,
      hash: '',
    };
    const hash = linkHash(previous, 0, Date.parse(recorded.recordedAt), body).toString('hex');
    expect(expectedHash(recorded)).toBe(hash);
    expect(expectedHash({ ...recorded, position: 99n })).toBe(hash);
  });
});
