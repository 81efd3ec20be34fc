import { expect, it } from 'vitest';
import { masterKeyFingerprint, unwrapKey, wrapKey } from './key-wrap.js';

const master = Buffer.alloc(32, 1);
const key = Buffer.alloc(32, 2);

const changedAt = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (bytes[at] ?? 0) ^ 1;
  return changed;
};

it('a wrapped key opens to the key', () => {
  expect(unwrapKey(master, 's1', 'content', wrapKey(master, 's1', 'content', key))).toEqual(key);
});

it.each([
  ['another master key', (wrapped: Buffer) => unwrapKey(Buffer.alloc(32, 9), 's1', 'content', wrapped)],
  ['another subject', (wrapped: Buffer) => unwrapKey(master, 's2', 'content', wrapped)],
  ['another class', (wrapped: Buffer) => unwrapKey(master, 's1', 'identity', wrapped)],
  ['a changed byte', (wrapped: Buffer) => unwrapKey(master, 's1', 'content', changedAt(wrapped, 20))],
  ['nothing', () => unwrapKey(master, 's1', 'content', Buffer.alloc(0))],
])('it does not open with %s', (_, open) => {
  expect(() => open(wrapKey(master, 's1', 'content', key))).toThrow(expect.objectContaining({ code: 'key_corrupt' }));
});

it('fingerprints tell master keys apart', () => {
  expect(masterKeyFingerprint(master)).not.toEqual(masterKeyFingerprint(Buffer.alloc(32, 9)));
  expect(masterKeyFingerprint(master)).toHaveLength(32);
});
