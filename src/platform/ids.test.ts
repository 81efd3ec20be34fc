import { expect, it } from 'vitest';
import { fixedClock, systemClock } from './clock.js';
import { deterministicId, isSessionId, newId, newSessionId, sessionNamespace } from './ids.js';
import { deriveKey } from './secrets.js';
import { shortHash } from './short-hash.js';

it('makes session ids that never repeat and have 22 characters of base64url', () => {
  const ids = new Set(Array.from({ length: 100_000 }, newSessionId));
  expect(ids.size).toBe(100_000);
  expect([...ids].filter((id) => !isSessionId(id))).toEqual([]);
});

it.each(['', 'short', 'A'.repeat(23), `${'A'.repeat(21)}B`, `${'A'.repeat(20)}=A`, '../../../../etc/passwd'])(
  'does not take %j for a session id',
  (text) => {
    expect(isSessionId(text)).toBe(false);
  },
);

it('makes event ids that sort by the time they were made', () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect([...ids].sort()).toEqual(ids);
});

it('makes the same id for the same name, and another one in another session', () => {
  const [one, two] = [sessionNamespace('session-1'), sessionNamespace('session-2')];
  expect(deterministicId('reply', one)).toBe(deterministicId('reply', one));
  expect(deterministicId('reply', one)).not.toBe(deterministicId('reply', two));
});

it('shortens a text to 8 hex digits of its SHA-256', () => {
  expect(shortHash('abc')).toBe('ba7816bf');
});

it('derives unrelated keys of the wanted length for different purposes', () => {
  const master = Buffer.alloc(32, 7);
  expect(deriveKey(master, 'one')).toEqual(deriveKey(master, 'one'));
  expect(deriveKey(master, 'one')).not.toEqual(deriveKey(master, 'two'));
  expect(deriveKey(master, 'one')).not.toEqual(deriveKey(Buffer.alloc(32, 8), 'one'));
  expect(deriveKey(master, 'long', 64)).toHaveLength(64);
});

it('has a clock that moves only when told to', () => {
  const clock = fixedClock('2026-01-02T03:04:05.678Z');
  clock.advance(1000);
  expect(clock.now().toISOString()).toBe('2026-01-02T03:04:06.678Z');
  clock.set(new Date(0));
  expect(clock.now().getTime()).toBe(0);
  expect(systemClock.now()).toBeInstanceOf(Date);
});
