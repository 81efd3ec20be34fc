import { expect, test } from 'vitest';
import { expectedHash, FIRST_LOG_HASH, FIRST_PREVIOUS_HASH, logHashAfter } from '../../../src/events/hash-chain.js';
import type { EventStore } from '../../../src/events/store.js';
import { collect, errorOf, isCaughtUp, newEvents, newStream, startSubscriber, type Subject } from './support.js';

/** What can be checked afterwards, and the end of a store's life. */
export function integrityContract(subject: () => Subject, openAnother: () => Promise<EventStore>): void {
  const store = () => subject().store;

  test('each event carries the hash of the one before it in its stream, and its own', async () => {
    const stream = newStream();
    for (const [index, size] of [1, 3, 1, 20, 2].entries()) {
      const writer = index % 2 === 0 ? store() : subject().other;
      const beside = Array.from({ length: index }, () => writer.append(newStream(), newEvents(2), { expected: 'any' }));
      await Promise.all([writer.append(stream, newEvents(size), { expected: 'any' }), ...beside]);
    }
    const events = await collect(store().readStream(stream));
    expect(events).toHaveLength(27);
    let previous = FIRST_PREVIOUS_HASH;
    for (const event of events) {
      expect(event.previousHash).toBe(previous);
      expect(event.hash).toBe(expectedHash(event));
      previous = event.hash;
    }
  });
  test('an event that was changed no longer has its hash', async () => {
    const stream = newStream();
    await store().append(stream, newEvents(1), { expected: 'noStream' });
    const [event] = await collect(store().readStream(stream));
    for (const change of [
      { payload: '{}' },
      { type: 'Other' },
      { occurredAt: '2020-01-01T00:00:00.000Z' },
      { revision: 1 },
    ]) {
      expect(expectedHash({ ...event!, ...change })).not.toBe(event!.hash);
    }
  });
  test('the chain over all streams leads from event to event to the head, or there is none anywhere', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? store() : subject().other).append(newStream(), newEvents(1 + (index % 3)), {
          expected: 'any',
        }),
      ),
    );
    const head = await store().head();
    const events = await collect(store().readAll({ until: head.position, hashes: 'all' }));
    let logHash = FIRST_LOG_HASH;
    const expected = events.map(({ hash }) => {
      logHash = logHashAfter(Buffer.from(logHash, 'hex'), Buffer.from(hash, 'hex')).toString('hex');
      return head.logHash === undefined ? undefined : logHash;
    });
    expect(events.map((event) => event.logHash)).toEqual(expected);
    expect(head.logHash).toBe(expected.at(-1));
  });
  test('nothing but hashes is left out where none are asked for', async () => {
    const after = (await store().head()).position;
    await store().append(newStream(), newEvents(3), { expected: 'any' });
    const plain = await collect(store().readAll({ after }));
    const without = (events: typeof plain) => events.map((event) => ({ ...event, hash: '', previousHash: '' }));
    expect(without(await collect(store().readAll({ after, hashes: 'none' })))).toEqual(without(plain));
    expect(plain.every((event) => event.logHash === undefined)).toBe(true);
  });
  test('the time of recording never goes back along the log', async () => {
    const after = (await store().head()).position;
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? store() : subject().other).append(newStream(), newEvents(1), { expected: 'any' }),
      ),
    );
    const times = (await collect(store().readAll({ after }))).map((event) => event.recordedAt);
    expect(times).toEqual([...times].sort());
    expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
  test('all instances on one log name it alike', () => {
    expect(subject().other.logId).toBe(store().logId);
    expect(store().logId).not.toBe('');
  });
  test('an append that was accepted is seen by every reader that starts afterwards', async () => {
    const stream = newStream();
    for (let revision = 0; revision < 20; revision++) {
      const { position } = await store().append(stream, newEvents(1), { expected: 'any' });
      const [last] = await collect(subject().other.readStream(stream, { direction: 'backwards', limit: 1 }));
      expect(last).toMatchObject({ revision, position });
    }
  });
  test('a closed store ends its subscriptions and refuses appends; others go on', async () => {
    const closing = await openAnother();
    const subscriber = startSubscriber(closing, { to: 'all', after: 'end' });
    await subscriber.until(isCaughtUp);
    const last = closing.append(newStream(), newEvents(1), { expected: 'any' });
    await closing.close();
    expect(await last).toMatchObject({ revision: 0 });
    await subscriber.stop();
    const error = await errorOf(closing.append(newStream(), newEvents(1), { expected: 'any' }));
    expect(error).toMatchObject({ code: 'store_unavailable', outcome: 'none' });
    await store().append(newStream(), newEvents(1), { expected: 'any' });
  });
}
