import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../src/events/store.js';
import { collect, idsOf, isCaughtUp, newEvents, newStream, startSubscriber, toldPosition } from './support.js';
import { withSubscriber, type Subject } from './support.js';

/** Catch-up subscriptions. */
export function subscribingContract(subject: () => Subject): void {
  const store = () => subject().store;
  const headNow = async (): Promise<bigint> => (await store().head()).position;
  const write = async (count: number, stream = newStream(), type = 'SomethingHappened', to = store()) => {
    const events = newEvents(count, { type });
    await to.append(stream, events, { expected: 'any' });
    return idsOf(events);
  };

  test('history comes first, then the signal, then what is live', async () => {
    const after = await headNow();
    const history = [...(await write(60)), ...(await write(3))];
    await withSubscriber(store(), { to: 'all', after }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      expect(idsOf(subscriber.events)).toEqual(history);
      expect(subscriber.messages.at(-1)).toEqual({ kind: 'caught-up', position: await headNow() });
      const live = [...(await write(1)), ...(await write(4))];
      await subscriber.until(({ events }) => events.length === 68);
      expect(idsOf(subscriber.events)).toEqual([...history, ...live]);
    });
  });
  test('with nothing to catch up with the signal comes at once', async () => {
    await withSubscriber(store(), { to: 'all', after: await headNow() }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      expect(subscriber.events).toEqual([]);
    });
  });
  test('from the end only later events come', async () => {
    await write(5);
    await withSubscriber(store(), { to: 'all', after: 'end' }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const live = await write(2);
      await subscriber.until(({ events }) => events.length === 2);
      expect(idsOf(subscriber.events)).toEqual(live);
    });
  });
  test('a live event is the same, field by field, as the one that is read', async () => {
    await withSubscriber(store(), { to: 'all', after: 'end' }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const stream = newStream();
      await write(3, stream);
      await write(1, stream);
      await subscriber.until(({ events }) => events.length === 4);
      expect(subscriber.events).toEqual(await collect(store().readStream(stream)));
    });
  });
  test('events of another instance come too', async () => {
    await withSubscriber(store(), { to: 'all', after: 'end' }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const stream = newStream();
      const ids: string[] = [];
      for (let round = 0; round < 5; round++) {
        ids.push(...(await write(2, stream, 'Foreign', subject().other)), ...(await write(1, stream)));
      }
      await subscriber.until(({ events }) => events.length === 15);
      expect(idsOf(subscriber.events)).toEqual(ids);
    });
  });

  test('a subscription to a stream gives that stream alone, after a revision', async () => {
    const stream = newStream();
    const ids = [...(await write(3, stream)), ...(await write(2, stream))];
    await withSubscriber(store(), { to: { stream }, after: 1 }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      expect(idsOf(subscriber.events)).toEqual(ids.slice(2));
      await write(2);
      const live = await write(1, stream);
      await write(1, newStream(), 'Foreign', subject().other);
      const foreign = await write(1, stream, 'Foreign', subject().other);
      await subscriber.until(({ events }) => events.length === 5);
      expect(idsOf(subscriber.events)).toEqual([...ids.slice(2), ...live, ...foreign]);
    });
  });
  test('a subscription to a stream that does not exist yet gives its first event', async () => {
    const stream = newStream();
    await withSubscriber(store(), { to: { stream }, after: -1 }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const ids = await write(2, stream);
      await subscriber.until(({ events }) => events.length === 2);
      expect(idsOf(subscriber.events)).toEqual(ids);
    });
  });
  test('a subscription to a stream from its end gives only later events', async () => {
    const stream = newStream();
    await write(3, stream);
    await withSubscriber(store(), { to: { stream }, after: 'end' }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      const live = await write(1, stream);
      await subscriber.until(({ events }) => events.length > 0);
      expect(idsOf(subscriber.events)).toEqual(live);
    });
  });

  test('only the types asked for come, of history and live', async () => {
    const after = await headNow();
    const rare = `Rare${after}`;
    await write(30);
    const history = await write(2, newStream(), rare);
    await write(30);
    await withSubscriber(store(), { to: 'all', after, types: [rare] }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      await write(2);
      const live = await write(1, newStream(), rare);
      await subscriber.until(({ events }) => events.length === 3);
      expect(idsOf(subscriber.events)).toEqual([...history, ...live]);
    });
  });
  test('a filter that matches nothing still tells how far it is, of history and live', async () => {
    const after = await headNow();
    await write(120);
    await withSubscriber(store(), { to: 'all', after, types: ['NeverHappens'] }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      expect(toldPosition(subscriber)).toBe(await headNow());
      for (const from of [store(), subject().other]) {
        await write(3, newStream(), 'SomethingHappened', from);
        const head = await headNow();
        await subscriber.until((now) => toldPosition(now) >= head);
      }
      expect(subscriber.events).toEqual([]);
    });
  });
  test('what it tells never goes back and never runs ahead of an event', async () => {
    const after = await headNow();
    for (let round = 0; round < 20; round++)
      await write(1 + (round % 9), newStream(), round % 4 === 0 ? 'Odd' : 'Even');
    await withSubscriber(store(), { to: 'all', after, types: ['Odd'] }, async (subscriber) => {
      await subscriber.until(isCaughtUp);
      let last = after;
      for (const message of subscriber.messages) {
        const position = message.kind === 'event' ? message.event.position : message.position;
        if (message.kind === 'event') expect(position).toBeGreaterThan(last);
        expect(position).toBeGreaterThanOrEqual(last);
        last = position;
      }
    });
  });

  test('two subscribers both get everything', async () => {
    const subscribers = [
      startSubscriber(store(), { to: 'all', after: 'end' }),
      startSubscriber(store(), { to: 'all', after: 'end' }),
    ];
    await Promise.all(subscribers.map((subscriber) => subscriber.until(isCaughtUp)));
    const ids = [...(await write(10)), ...(await write(7))];
    for (const subscriber of subscribers) {
      await subscriber.until(({ events }) => events.length === 17);
      expect(idsOf(subscriber.events)).toEqual(ids);
      await subscriber.stop();
    }
  });
  test('a subscription that starts while others write misses nothing and repeats nothing', async () => {
    const after = await headNow();
    const writing = Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        write(1 + (index % 3), newStream(), 'Busy', index % 2 === 0 ? store() : subject().other),
      ),
    );
    await withSubscriber(store(), { to: 'all', after }, async (subscriber) => {
      const ids = (await writing).flat();
      const head = await headNow();
      await subscriber.until((now) => toldPosition(now) >= head);
      expect(idsOf(subscriber.events)).toEqual(idsOf(await collect(store().readAll({ after, until: head }))));
      expect(new Set(idsOf(subscriber.events)).size).toBe(ids.length);
    });
  });
  test('a slow consumer delays only itself and loses nothing', async () => {
    const after = await headNow();
    const stop = new AbortController();
    const slow = store().subscribe({ to: 'all', after, signal: stop.signal })[Symbol.asyncIterator]();
    await slow.next();
    const ids: string[] = [];
    await withSubscriber(store(), { to: 'all', after }, async (fast) => {
      for (let round = 0; round < 100; round++) ids.push(...(await write(3)));
      await fast.until(({ events }) => events.length === 300);
    });
    const late: RecordedEvent[] = [];
    while (late.length < 300) {
      const next = await slow.next();
      if (next.done !== true && next.value.kind === 'event') late.push(next.value.event);
    }
    stop.abort();
    expect(idsOf(late)).toEqual(ids);
  });

  test('abort while it waits ends it normally, at once', async () => {
    for (const to of ['all', { stream: newStream() }] as const) {
      const subscriber = startSubscriber(store(), { to, after: 'end' });
      await subscriber.until(isCaughtUp);
      await subscriber.stop();
      expect(subscriber.messages).toHaveLength(1);
    }
  });
  test('abort before it starts gives nothing', async () => {
    const signal = AbortSignal.abort();
    expect(await collect(store().subscribe({ to: 'all', after: 0n, signal }))).toEqual([]);
  });
  test('abort amid history ends it with no further event', async () => {
    const after = await headNow();
    await write(100);
    const stop = new AbortController();
    let events = 0;
    for await (const message of store().subscribe({ to: 'all', after, signal: stop.signal })) {
      if (message.kind === 'event' && ++events === 5) stop.abort();
    }
    expect(events).toBe(5);
  });
  test('a subscription can be left by break, again and again', async () => {
    const after = await headNow();
    await write(3);
    for (let round = 0; round < 30; round++) {
      const { signal } = new AbortController();
      for await (const message of store().subscribe({ to: 'all', after, signal }))
        if (message.kind === 'caught-up') break;
    }
    expect(await collect(store().readAll({ after }))).toHaveLength(3);
  });
}
