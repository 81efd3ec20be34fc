import { describe, expect, it } from 'vitest';
import { bodyHash, FIRST_LOG_HASH, FIRST_PREVIOUS_HASH, linkHash, logHashAfter } from './hash-chain.js';
import { logGap, type EventStore, type ReadAllOptions, type RecordedEvent } from './store.js';
import { verifyLog, type VerifyOptions, type VerifyReport } from './verify.js';

/** A log of `count` events that go round three streams, as a store would have recorded them. */
const soundLog = (count: number, word = 'said'): RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  const last = new Map<string, RecordedEvent>();
  for (let index = 0; index < count; index++) {
    const stream = `session-${index % 3}`;
    const before = last.get(stream);
    const recordedAtMs = 1_700_000_000_000 + index * 10;
    const event = {
      id: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      type: 'Said',
      schemaVersion: 1,
      payload: JSON.stringify({ text: `${word} ${index}` }),
      occurredAt: new Date(recordedAtMs).toISOString(),
      actor: { kind: 'citizen' as const },
    };
    const revision = (before?.revision ?? -1) + 1;
    const previousHash = before?.hash ?? FIRST_PREVIOUS_HASH;
    const hash = linkHash(Buffer.from(previousHash, 'hex'), revision, recordedAtMs, bodyHash(stream, event));
    const recorded: RecordedEvent = {
      ...event,
      stream,
      revision,
      position: BigInt(index + 1),
      recordedAt: new Date(recordedAtMs).toISOString(),
      previousHash,
      hash: hash.toString('hex'),
    };
    last.set(stream, recorded);
    events.push(recorded);
  }
  return events;
};

/** The same log, from a store that keeps the chain over all streams. */
const chainedLog = (count: number): RecordedEvent[] => {
  let last: Buffer = Buffer.from(FIRST_LOG_HASH, 'hex');
  return soundLog(count).map((event) => {
    last = logHashAfter(last, Buffer.from(event.hash, 'hex'));
    return { ...event, logHash: last.toString('hex') };
  });
};

/** Only what `verifyLog` uses. `strict`: refuses to read across a hole, as the PostgreSQL adapter does. */
const storeOf = (events: readonly RecordedEvent[], head: number, strict = false): EventStore => {
  const end = BigInt(head);
  async function* readAll({ after = 0n, until = end }: ReadAllOptions = {}): AsyncGenerator<RecordedEvent> {
    await Promise.resolve();
    const page = events.filter(({ position }) => position > after && position <= until);
    let last = after;
    for (const { position } of strict ? page : []) {
      if (position !== last + 1n) throw logGap(last, position);
      last = position;
    }
    yield* page;
    if (strict && last < until) throw logGap(last, null);
  }
  return {
    contiguous: true,
    readAll,
    head: () => Promise.resolve({ position: BigInt(head), recordedAt: null }),
  } as unknown as EventStore;
};
const verify = (events: readonly RecordedEvent[], options?: VerifyOptions, head = 9): Promise<VerifyReport> =>
  verifyLog(storeOf(events, head), options);
const changed = (at: number, change: Partial<RecordedEvent>): RecordedEvent[] =>
  soundLog(9).map((event, index) => (index === at ? { ...event, ...change } : event));

describe('a sound log', () => {
  it('passes, with its counts and a digest', async () => {
    expect(await verify(soundLog(9))).toEqual({
      ok: true,
      events: 9,
      streams: 3,
      order: 'by-time',
      head: { position: 9n, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
  });

  it('passes when it is empty', async () => {
    expect(await verify([], {}, 0)).toMatchObject({ ok: true, events: 0, head: { position: 0n } });
  });

  it('passes with more streams than the table starts with', async () => {
    const many = soundLog(9).slice(0, 1);
    const events = Array.from({ length: 3_000 }, (_, index) => {
      const event = { ...many[0]!, stream: `session-${index}`, position: BigInt(index + 1) };
      const hash = linkHash(Buffer.alloc(32), 0, Date.parse(event.recordedAt), bodyHash(event.stream, event));
      return { ...event, hash: hash.toString('hex') };
    });
    expect(await verify(events, {}, 3_000)).toMatchObject({ ok: true, streams: 3_000 });
  });

  it('passes against the digest noted when it was shorter', async () => {
    const { head } = await verify(soundLog(5), {}, 5);
    expect(await verify(soundLog(9), { expectHead: head })).toMatchObject({ ok: true });
  });

  it('reports progress towards the head', async () => {
    const seen: unknown[] = [];
    await verify(soundLog(9), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ events: 9, position: 9n, head: 9n });
  });
});

describe('the first problem is named: ', () => {
  it.each([
    ['a changed payload', { payload: '{"text":"other"}' }],
    ['a changed type', { type: 'Other' }],
    ['a changed time', { occurredAt: '2026-01-01T00:00:00.000Z' }],
    ['a changed actor', { actor: { kind: 'officer' as const } }],
    ['a cause put in later', { causationId: 'x' }],
    ['a changed hash', { hash: 'a'.repeat(64) }],
    ['a changed previous hash', { previousHash: 'a'.repeat(64) }],
  ])('%s', async (_, change) => {
    expect((await verify(changed(4, change))).problem).toMatchObject({
      kind: 'changed',
      position: 5n,
      stream: 'session-1',
      revision: 1,
    });
  });

  it('an event exchanged for one whose own hash fits', async () => {
    const events = soundLog(9);
    events[4] = { ...soundLog(9, 'forged')[4]!, previousHash: events[4]!.previousHash };
    const body = bodyHash(events[4].stream, events[4]);
    const hash = linkHash(Buffer.from(events[4].previousHash, 'hex'), 1, Date.parse(events[4].recordedAt), body);
    events[4] = { ...events[4], hash: hash.toString('hex') };
    expect((await verify(events)).problem).toMatchObject({
      kind: 'unlinked',
      position: 8n,
      stream: 'session-1',
      revision: 2,
    });
  });

  it.each([false, true])(
    'a removed event, with its stream and revision (the store stops at holes: %j)',
    async (strict) => {
      const events = soundLog(9).filter((_, index) => index !== 4);
      const { problem } = await verifyLog(storeOf(events, 9, strict));
      expect(problem).toMatchObject({ kind: 'missing', position: 5n, stream: 'session-1', revision: 1 });
      expect(problem!.what).toContain('nothing is left at position 5');
    },
  );

  it.each([false, true])('a change before a hole (the store stops at holes: %j)', async (strict) => {
    const events = changed(2, { payload: '{}' }).filter((_, index) => index !== 4);
    expect((await verifyLog(storeOf(events, 9, strict))).problem).toMatchObject({ kind: 'changed', position: 3n });
  });

  it('the removed last event of a stream, by its position', async () => {
    const { problem } = await verify(soundLog(9).filter((_, index) => index !== 7));
    expect(problem).toEqual({ kind: 'missing', position: 8n, what: 'nothing is left at position 8' });
  });

  it('a removed event whose hole was closed, where positions are not checked', async () => {
    const events = soundLog(9).filter((_, index) => index !== 4);
    const { problem } = await verifyLog(storeOf(events, 9), { contiguous: false });
    expect(problem).toMatchObject({ kind: 'missing', position: 8n, stream: 'session-1', revision: 1 });
  });

  it.each([false, true])('a cut-off end (the store says so itself: %j)', async (strict) => {
    const { problem } = await verifyLog(storeOf(soundLog(9).slice(0, 6), 9, strict));
    expect(problem).toMatchObject({ kind: 'missing', position: 7n });
    expect(problem!.what).toContain('cut off');
  });

  it('an end cut off together with the head, against a noted digest', async () => {
    const { head } = await verify(soundLog(9));
    expect((await verify(soundLog(6), { expectHead: head }, 6)).problem).toMatchObject({
      kind: 'missing',
      position: 7n,
    });
  });

  it('swapped revisions of a stream', async () => {
    const events = soundLog(9);
    [events[1], events[4]] = [
      { ...events[4]!, position: 2n },
      { ...events[1]!, position: 5n },
    ];
    expect((await verify(events)).problem).toMatchObject({
      kind: 'missing',
      position: 2n,
      stream: 'session-1',
      revision: 0,
    });
  });

  it('swapped positions of two streams', async () => {
    const events = soundLog(9);
    [events[3], events[4]] = [
      { ...events[4]!, position: 4n },
      { ...events[3]!, position: 5n },
    ];
    expect((await verify(events)).problem).toMatchObject({
      kind: 'reordered',
      position: 5n,
      stream: 'session-0',
      revision: 1,
    });
  });

  it('an event that stands twice', async () => {
    const events = soundLog(3);
    expect((await verify([...events, { ...events[2]!, position: 4n }], {}, 4)).problem).toMatchObject({
      kind: 'reordered',
      position: 4n,
      what: 'revision 0 comes twice',
    });
  });

  it('a log that was rewritten as a whole, against a noted digest only', async () => {
    const { head } = await verify(soundLog(6), {}, 6);
    const rewritten = soundLog(9, 'forged');
    expect((await verify(rewritten)).ok).toBe(true);
    expect((await verify(rewritten, { expectHead: head })).problem).toMatchObject({ kind: 'other-log', position: 6n });
  });

  it('the counts speak of the sound part', async () => {
    const report = await verify(soundLog(9).filter((_, index) => index !== 4));
    expect(report).toMatchObject({ ok: false, events: 4, streams: 3, head: { position: 4n } });
  });
});

describe('a store that keeps a chain over all streams', () => {
  const withHead = (events: readonly RecordedEvent[], logHash: string | undefined): EventStore => ({
    ...storeOf(events, events.length),
    head: () => Promise.resolve({ position: BigInt(events.length), recordedAt: null, logHash }),
  });

  it('is sound, says that the order is chained, and its head is the log hash', async () => {
    const events = chainedLog(9);
    const logHash = events[8]!.logHash!;
    expect(await verifyLog(withHead(events, logHash))).toMatchObject({
      ok: true,
      order: 'chained',
      head: { position: 9n, digest: logHash },
    });
  });

  it('has the same digest as one that keeps none', async () => {
    expect((await verify(chainedLog(9))).head).toEqual((await verify(soundLog(9))).head);
  });

  it('shows a broken link when an event that ends its stream has gone and the hole was closed', async () => {
    const events = chainedLog(9).slice(0, 8);
    events.splice(6, 1);
    events[6] = { ...events[6]!, position: 7n };
    expect((await verify(events, {}, 7)).problem).toMatchObject({ kind: 'unlinked', position: 7n });
  });

  it('does not take an event without its link', async () => {
    const events = chainedLog(9).map((event, index) => (index === 5 ? { ...event, logHash: undefined } : event));
    expect((await verify(events)).problem).toMatchObject({ kind: 'unlinked', position: 6n });
  });

  it('shows a head that does not belong to the last event', async () => {
    const events = chainedLog(9);
    const { problem } = await verifyLog(withHead(events.slice(0, 6), events[8]!.logHash));
    expect(problem).toMatchObject({ kind: 'unlinked', position: 6n });
    expect(problem!.what).toContain('cut off');
  });

  it('shows a log that was emptied while its head kept the hash', async () => {
    expect((await verifyLog(withHead([], 'ab'.repeat(32)))).problem).toMatchObject({ kind: 'unlinked', position: 0n });
  });
});

it('a store that cannot be read is not a bad log', async () => {
  const broken = { ...storeOf([], 0), head: () => Promise.reject(new Error('down')) };
  await expect(verifyLog(broken)).rejects.toThrow('down');
});
