import { describe, expect, it } from 'vitest';
import { bodyHash, FIRST_PREVIOUS_HASH, linkHash } from '../events/hash-chain.js';
import { storeUnavailable, type EventStore, type NewEvent, type RecordedEvent } from '../events/store.js';
import { runVerify, type VerifyCommand } from './verify.js';

const soundEvent = (index: number): RecordedEvent => {
  const event: NewEvent = {
    id: `00000000-0000-7000-8000-00000000000${index}`,
    type: 'Said',
    schemaVersion: 1,
    payload: '{}',
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: { kind: 'citizen' },
  };
  const stream = `session-${index}`;
  const recordedAt = '2026-01-01T00:00:00.000Z';
  const hash = linkHash(Buffer.alloc(32), 0, Date.parse(recordedAt), bodyHash(stream, event)).toString('hex');
  return {
    ...event,
    stream,
    revision: 0,
    position: BigInt(index),
    recordedAt,
    previousHash: FIRST_PREVIOUS_HASH,
    hash,
  };
};
async function* listed(events: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  await Promise.resolve();
  yield* events;
}
const storeOf = (events: readonly RecordedEvent[]): EventStore =>
  ({
    contiguous: true,
    readAll: () => listed(events),
    head: () => Promise.resolve({ position: BigInt(events.length), recordedAt: null }),
  }) as unknown as EventStore;
const run = async (events: readonly RecordedEvent[], over: Partial<VerifyCommand> = {}) => {
  const written = { out: '', err: '' };
  const output = {
    out: (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
  };
  const code = await runVerify({ store: storeOf(events), output, isTty: false, nowMs: () => 0, ...over });
  return { code, ...written };
};
const sound = [soundEvent(1), soundEvent(2)];
const bad = [soundEvent(1), { ...soundEvent(2), payload: '{"secret":1}' }];

describe('citizen verify', () => {
  it('ends with 0, the counts and a digest to keep for a sound log', async () => {
    const { code, out } = await run(sound);
    expect(code).toBe(0);
    expect(out).toMatch(/^OK {3}2 events in 2 streams, head 2:[0-9a-f]{64}\n/);
  });

  it('says what it cannot tell on a store without a chain over all streams', async () => {
    expect((await run(sound)).out).toContain('chains each stream alone');
    expect(JSON.parse((await run(sound, { json: true })).out)).toMatchObject({ order: 'by-time' });
  });

  it('takes the digest that it printed before', async () => {
    const digest = /head (\S+)/.exec((await run(sound)).out)![1]!;
    expect(await run(sound, { expectHead: digest })).toMatchObject({ code: 0 });
    expect(await run([soundEvent(1)], { expectHead: digest })).toMatchObject({ code: 1 });
  });

  it('ends with 1 and names the first bad record, without what it says', async () => {
    const { code, out } = await run(bad);
    expect(code).toBe(1);
    expect(out).toContain('position 2 (changed)\n     stream session-2, revision 0');
    expect(out).not.toContain('secret');
  });

  it('gives one JSON object when asked to', async () => {
    expect(JSON.parse((await run(sound, { json: true })).out)).toMatchObject({ ok: true, events: 2, problem: null });
    expect(JSON.parse((await run(bad, { json: true })).out)).toMatchObject({
      ok: false,
      problem: { kind: 'changed', position: '2', stream: 'session-2', revision: 0 },
    });
  });

  it('ends with 2 when the log cannot be read or the digest is not one', async () => {
    const store = { ...storeOf([]), head: () => Promise.reject(storeUnavailable('The database is away', 'none')) };
    expect(await run([], { store })).toEqual({
      code: 2,
      out: '',
      err: 'The log could not be checked: The database is away\n',
    });
    expect(await run(sound, { expectHead: '2:abc' })).toMatchObject({ code: 2, out: '' });
  });

  it('shows a bar on a terminal and clears it', async () => {
    const { err } = await run(sound, { isTty: true });
    expect(err).toContain('Checking [');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });
});
