import { expect, test } from 'vitest';
import { isEventIdConflict, isInvalidAppend, type NewEvent } from './store.js';
import { MAX_STREAM_NAME_CHARS, validateAppend } from './validate-append.js';

const event = (fields: Partial<NewEvent> = {}): NewEvent => ({
  id: '0198a0de-0000-7000-8000-000000000001',
  type: 'SomethingHappened',
  schemaVersion: 1,
  payload: '{}',
  occurredAt: '2026-01-02T03:04:05.678Z',
  actor: { kind: 'citizen' },
  ...fields,
});
const refusal = (stream: string, events: readonly NewEvent[], expected: number | 'any' = 'any'): unknown => {
  try {
    validateAppend(stream, events, expected);
    return undefined;
  } catch (error) {
    return error;
  }
};

test.each(['session-AbC_09-x', 'tracking-0a1b', 'a', 'x'.repeat(MAX_STREAM_NAME_CHARS)])(
  '%s names a stream',
  (name) => {
    expect(refusal(name, [event()])).toBeUndefined();
  },
);
test.each(['', '-a', '$all', 'a b', 'a/b', 'ä', 'x'.repeat(MAX_STREAM_NAME_CHARS + 1)])(
  '%j names no stream',
  (name) => {
    expect(isInvalidAppend(refusal(name, [event()]))).toBe(true);
  },
);
test.each<Partial<NewEvent>>([
  { id: '0198A0DE-0000-7000-8000-000000000001' },
  { type: 'x'.repeat(201) },
  { schemaVersion: 40_000 },
  { occurredAt: '2026-02-30T00:00:00.000Z' },
  { occurredAt: '2026-01-02T03:04:05Z' },
  { causationId: '' },
  { actor: { kind: 'citizen', id: '\ude00' } },
  { payload: 'a\u0000' },
])('%j is refused', (fields) => {
  expect(isInvalidAppend(refusal('s', [event(fields)]))).toBe(true);
});
test.each<Partial<NewEvent>>([{ payload: '"\ud83d\ude00"' }, { occurredAt: '0001-01-01T00:00:00.000Z' }])(
  '%j is accepted',
  (fields) => {
    expect(refusal('s', [event(fields)])).toBeUndefined();
  },
);
test('the message never quotes what the event says', () => {
  const error = refusal('s', [event({ payload: 'my secret \u0000' })]);
  expect(isInvalidAppend(error) && error.message).not.toContain('secret');
});
test('nothing, an impossible revision and a repeated id are refused', () => {
  expect(isInvalidAppend(refusal('s', []))).toBe(true);
  expect(isInvalidAppend(refusal('s', [event()], -1))).toBe(true);
  expect(isEventIdConflict(refusal('s', [event(), event()]))).toBe(true);
});
