import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../src/events/store.js';
import { collect, idsOf, newEvents, newStream, type Subject } from './support.js';

/** Reading one stream and the whole log. */
export function readingContract(subject: () => Subject): void {
  const store = () => subject().store;
  const revisions = (events: readonly RecordedEvent[]): number[] => events.map(({ revision }) => revision);
  /** A stream of so many events, in appends of different sizes. */
  const streamOf = async (count: number, type = 'SomethingHappened'): Promise<string> => {
    const stream = newStream();
    for (let done = 0; done < count;) {
      const size = Math.min(count - done, 1 + (done % 37));
      await store().append(stream, newEvents(size, { type }), { expected: 'any' });
      done += size;
    }
    return stream;
  };
  const headNow = async (): Promise<bigint> => (await store().head()).position;

  test('a stream that does not exist yields nothing', async () => {
    expect(await collect(store().readStream(newStream()))).toEqual([]);
    expect(await collect(store().readStream(newStream(), { direction: 'backwards' }))).toEqual([]);
  });

  const cases = [
    [{}, [0, 1, 2, 3, 4]],
    [{ from: 3 }, [3, 4]],
    [{ from: 5 }, []],
    [{ limit: 2 }, [0, 1]],
    [{ limit: 0 }, []],
    [{ from: 1, limit: 3 }, [1, 2, 3]],
    [{ direction: 'backwards' }, [4, 3, 2, 1, 0]],
    [{ direction: 'backwards', limit: 1 }, [4]],
    [{ direction: 'backwards', from: 2 }, [2, 1, 0]],
    [{ direction: 'backwards', from: 9, limit: 2 }, [4, 3]],
  ] as const;
  test.each(cases)('a stream of five read with %j gives the revisions %j', async (options, expected) => {
    expect(revisions(await collect(store().readStream(await streamOf(5), options)))).toEqual(expected);
  });
  test('a stream longer than a page is read whole, in both directions', async () => {
    const stream = await streamOf(237);
    const forwards = await collect(store().readStream(stream));
    expect(revisions(forwards)).toEqual(Array.from({ length: 237 }, (_, index) => index));
    const backwards = await collect(store().readStream(stream, { direction: 'backwards' }));
    expect(idsOf(backwards)).toEqual(idsOf(forwards).reverse());
  });

  test('the whole log is read from just after a position up to its head', async () => {
    const after = await headNow();
    const streams = [await streamOf(60), await streamOf(45)];
    const events = await collect(store().readAll({ after }));
    expect(events).toHaveLength(105);
    for (const stream of streams) {
      const own = events.filter((event) => event.stream === stream);
      expect(idsOf(own)).toEqual(idsOf(await collect(store().readStream(stream))));
    }
  });
  test('`after` excludes and `until` includes', async () => {
    const after = await headNow();
    await streamOf(20);
    const all = await collect(store().readAll({ after }));
    const part = await collect(store().readAll({ after: all[4]!.position, until: all[11]!.position }));
    expect(idsOf(part)).toEqual(idsOf(all.slice(5, 12)));
  });
  test('`until` beyond the head ends at the head', async () => {
    const after = await headNow();
    await streamOf(3);
    expect(await collect(store().readAll({ after, until: (await headNow()) + 1_000_000n }))).toHaveLength(3);
  });
  test('after the head there is nothing', async () => {
    expect(await collect(store().readAll({ after: await headNow() }))).toEqual([]);
  });
  test('a limit ends the read, whatever the size of a page', async () => {
    const after = await headNow();
    await streamOf(50);
    for (const options of [{ limit: 7 }, { limit: 33, pageSize: 10 }, { limit: 0 }, { limit: 30, pageSize: 1_000 }]) {
      expect(await collect(store().readAll({ after, ...options }))).toHaveLength(options.limit);
    }
  });
  test('only the types asked for are given, in order, to the end', async () => {
    const after = await headNow();
    const rare = `Rare${after}`;
    await streamOf(40);
    await streamOf(2, rare);
    await streamOf(120);
    await streamOf(3, rare);
    await streamOf(30);
    const all = await collect(store().readAll({ after }));
    const expected = idsOf(all.filter((event) => event.type === rare));
    for (const pageSize of [1, 2, 5, 100]) {
      expect(idsOf(await collect(store().readAll({ after, types: [rare], pageSize })))).toEqual(expected);
    }
    expect(idsOf(await collect(store().readAll({ after, types: [rare], limit: 3 })))).toEqual(expected.slice(0, 3));
    expect(await collect(store().readAll({ after, types: [] }))).toEqual([]);
  });
  test('positions strictly increase and every stream is in order, however it was written', async () => {
    const after = await headNow();
    const streams = Array.from({ length: 10 }, () => newStream());
    const writers = [store(), subject().other];
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        writers[index % 2]!.append(streams[index % 10]!, newEvents(1 + (index % 3)), { expected: 'any' }),
      ),
    );
    const last = new Map<string, number>();
    let position = after;
    for await (const event of store().readAll({ after, pageSize: 17 })) {
      expect(event.position).toBeGreaterThan(position);
      expect(event.revision).toBe((last.get(event.stream) ?? -1) + 1);
      position = event.position;
      last.set(event.stream, event.revision);
    }
    expect([...last.keys()].sort()).toEqual([...streams].sort());
  });
  test('a read ends at the head of its beginning, even when its consumer appends', async () => {
    const after = await headNow();
    await streamOf(25);
    let seen = 0;
    for await (const _event of store().readAll({ after, pageSize: 5 })) {
      seen += 1;
      await store().append(newStream(), newEvents(1), { expected: 'any' });
    }
    expect(seen).toBe(25);
  });
  test('a read that is broken off leaves the store usable', async () => {
    const stream = await streamOf(100);
    for (let round = 0; round < 30; round++) {
      for await (const event of store().readStream(stream)) if (event.revision === 3) break;
      for await (const _event of store().readAll({ pageSize: 10 })) break;
    }
    expect(await collect(store().readStream(stream))).toHaveLength(100);
  });
  test('many readers at once all get everything', async () => {
    const stream = await streamOf(80);
    const reads = await Promise.all(Array.from({ length: 20 }, () => collect(store().readStream(stream))));
    expect(reads.map((events) => events.length)).toEqual(Array.from({ length: 20 }, () => 80));
  });
  test.each([
    ['all events', undefined],
    ['events of some types', ['SomethingHappened']],
    ['events of types that there are none of', ['Nobody']],
  ])('pages give %s, once, in order, up to the end that was asked for', async (_what, types) => {
    const after = await headNow();
    await Promise.all(Array.from({ length: 30 }, () => store().append(newStream(), newEvents(5), { expected: 'any' })));
    const until = (await collect(store().readAll({ after, limit: 140 }))).at(-1)!.position;
    const asked = { after, until, ...(types && { types }) };
    const pages = await collect(store().readPages({ ...asked, pageSize: 7 }));
    expect(pages.flatMap(({ events }) => events)).toEqual(await collect(store().readAll(asked)));
    expect(pages.every(({ events }) => events.length <= 7)).toBe(true);
    expect(pages.every(({ events, to }) => events.every(({ position }) => position <= to))).toBe(true);
    expect(pages.at(-1)?.to).toBe(until);
  });
  test('the head is the place and time of the last event', async () => {
    const stream = newStream();
    const { position } = await store().append(stream, newEvents(3), { expected: 'any' });
    const [last] = await collect(store().readStream(stream, { direction: 'backwards', limit: 1 }));
    expect(await store().head()).toMatchObject({ position, recordedAt: last?.recordedAt });
  });
}
