import { describe, expect, it } from 'vitest';
import type { EventLog, EventToAppend } from '../events/event-log.js';
import { createMemoryKeyStore } from '../events/memory-key-store.js';
import { wrongExpectedRevision } from '../events/store.js';
import { fixedClock } from '../platform/clock.js';
import { runErase, type EraseCommand } from './erase.js';

async function* nothing(): AsyncGenerator<never> {
  await Promise.resolve();
  yield* [];
}

const setup = (exists = true) => {
  const appended: EventToAppend[] = [];
  const log = {
    readStream: nothing,
    append: (stream: string, events: readonly EventToAppend[]) => {
      if (!exists) return Promise.reject(wrongExpectedRevision(stream, 'streamExists', -1));
      appended.push(...events);
      return Promise.resolve({ revision: 1, position: 2n, duplicate: false });
    },
  } as unknown as EventLog;
  const keys = createMemoryKeyStore();
  const written = { out: '', err: '' };
  const run = (over: Partial<EraseCommand> = {}) =>
    runErase({
      log,
      keys,
      forgetFiles: () => Promise.resolve(2),
      clock: fixedClock('2026-01-01T00:00:00.000Z'),
      output: { out: (text) => void (written.out += text), err: (text) => void (written.err += text) },
      subject: 's1',
      reason: 'citizen_request',
      confirm: () => Promise.resolve(true),
      ...over,
    });
  return { appended, keys, written, run };
};

describe('citizen erase', () => {
  it('asks, records the erasure, destroys the keys and says how many', async () => {
    const { appended, keys, written, run } = setup();
    await keys.keyForSealing('s1', 'content');
    expect(await run()).toBe(0);
    expect(appended[0]!.event).toEqual({
      type: 'PersonalDataErased',
      data: { classes: ['content', 'identity', 'evidence', 'handover'], reason: 'citizen_request' },
    });
    expect(await keys.keyForOpening('s1', 'content')).toBe('erased');
    expect(written.out).toContain('Keys destroyed: 1. Files removed: 2.');
  });

  it('does nothing when the answer is no', async () => {
    const { appended, run } = setup();
    expect(await run({ confirm: () => Promise.resolve(false) })).toBe(1);
    expect(appended).toEqual([]);
  });

  it('does not ask with --yes', async () => {
    const { run } = setup();
    expect(await run({ yes: true, confirm: () => Promise.reject(new Error('asked')) })).toBe(0);
  });

  it.each([
    ['no reason', { reason: undefined }],
    ['a reason in free words, which might tell about somebody', { reason: 'Aminata asked' }],
    ['an unknown class', { classes: ['content', 'everything'] }],
    ['no class', { classes: [] }],
  ])('refuses %s', async (_, over) => {
    const { appended, run } = setup();
    expect(await run({ yes: true, ...over })).toBe(2);
    expect(appended).toEqual([]);
  });

  it('says so when there is no such session, and leaves no trace of it', async () => {
    const { keys, written, run } = setup(false);
    expect(await run({ yes: true })).toBe(1);
    expect(written.err).toContain('no session');
    expect(await keys.keyForSealing('s1', 'content')).toHaveLength(32);
  });
});
