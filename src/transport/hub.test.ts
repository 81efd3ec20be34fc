import { describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { LogMessage } from '../events/event-log.js';
import { createHub, type Hub } from './hub.js';

const event = (sessionId: string, revision: number, position: number): AnyRecorded => ({
  type: 'HumanLeft',
  data: {},
  meta: {
    id: `${sessionId}-${revision}`,
    stream: `session-${sessionId}`,
    revision,
    position: BigInt(position),
    recordedAt: '2026-01-01T00:00:00.000Z',
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: { kind: 'system' },
    hash: '',
  },
});

/** A log in memory whose live subscription and reads go on only when the test says so. */
const fakeLog = () => {
  const events: AnyRecorded[] = [];
  const wakers = new Set<() => void>();
  let opened = 0;
  let openFails = 0;
  let gate: Promise<void> = Promise.resolve();
  const log = {
    head: () => Promise.resolve({ position: BigInt(events.length), recordedAt: null }),
    open: <E extends AnyRecorded>(sealed: E): Promise<E> => {
      if (openFails > 0) {
        openFails -= 1;
        return Promise.reject(new Error('the key store is away'));
      }
      opened += 1;
      return Promise.resolve(sealed);
    },
    async *readStream(stream: string, from = 0): AsyncGenerator<AnyRecorded> {
      const seen = events.filter((one) => one.meta.stream === stream && one.meta.revision >= from);
      await gate;
      yield* seen;
    },
    readAll: () => {
      throw new Error('not used');
    },
    async *subscribe({ after, signal }: { after: bigint | 'end'; signal: AbortSignal }): AsyncGenerator<LogMessage> {
      let next = Number(after);
      while (!signal.aborted) {
        const one = events[next];
        if (one !== undefined) {
          next += 1;
          yield { kind: 'event', event: one };
        } else {
          await new Promise<void>((resolve) => {
            wakers.add(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
      }
    },
  };
  return {
    log,
    append: (sessionId: string, count = 1) => {
      for (let i = 0; i < count; i += 1) {
        const revision = events.filter((one) => one.meta.stream === `session-${sessionId}`).length;
        events.push(event(sessionId, revision, events.length + 1));
      }
      for (const wake of wakers) wake();
      wakers.clear();
    },
    holdReads: () => {
      let release = (): void => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return () => release();
    },
    failOpening: (times: number) => (openFails = times),
    opened: () => opened,
  };
};

const started = async (log: ReturnType<typeof fakeLog>): Promise<{ hub: Hub; errors: unknown[] }> => {
  const errors: unknown[] = [];
  const hub = createHub({ log: log.log, onError: (error) => errors.push(error) });
  await hub.start();
  return { hub, errors };
};

const listener = (afterRevision = -1) => {
  const seen: number[] = [];
  const moments: string[] = [];
  return {
    seen,
    moments,
    afterRevision,
    onEvents: (events: readonly AnyRecorded[]) => void seen.push(...events.map((one) => one.meta.revision)),
    onCaughtUp: () => void moments.push(`caught up at ${seen.length}`),
    onFailed: () => void moments.push('failed'),
  };
};

const settled = async (): Promise<void> => {
  for (let i = 0; i < 30; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the hub', () => {
  it('gives history, says that it has caught up, and then gives live events', async () => {
    const log = fakeLog();
    log.append('a', 3);
    const { hub } = await started(log);
    const one = listener();
    hub.join('a', one);
    await settled();
    log.append('a', 2);
    await settled();
    expect(one.seen).toEqual([0, 1, 2, 3, 4]);
    expect(one.moments).toEqual(['caught up at 3']);
    await hub.stop();
  });

  it('gives only what comes after the revision asked for', async () => {
    const log = fakeLog();
    log.append('a', 5);
    const { hub } = await started(log);
    const one = listener(2);
    hub.join('a', one);
    await settled();
    expect(one.seen).toEqual([3, 4]);
    await hub.stop();
  });

  it('loses and doubles nothing that is appended while history is read', async () => {
    const log = fakeLog();
    log.append('a', 2);
    const { hub } = await started(log);
    const release = log.holdReads();
    const one = listener();
    hub.join('a', one);
    await settled();
    log.append('a', 3);
    await settled();
    expect(one.seen).toEqual([]);
    release();
    await settled();
    log.append('a');
    await settled();
    expect(one.seen).toEqual([0, 1, 2, 3, 4, 5]);
    await hub.stop();
  });

  it('opens an event once for all listeners of its session, and never without one', async () => {
    const log = fakeLog();
    const { hub } = await started(log);
    const many = Array.from({ length: 5 }, () => listener());
    for (const one of many) hub.join('a', one);
    await settled();
    log.append('a', 2);
    log.append('b', 50);
    await settled();
    expect(log.opened()).toBe(2);
    expect(many.map(({ seen }) => seen)).toEqual(Array.from({ length: 5 }, () => [0, 1]));
    await hub.stop();
  });

  it('lets a listener that throws leave, and goes on for the others', async () => {
    const log = fakeLog();
    const { hub, errors } = await started(log);
    const good = listener();
    const bad = {
      ...listener(),
      onEvents: () => {
        throw new Error('broken socket');
      },
    };
    hub.join('a', bad);
    hub.join('a', good);
    await settled();
    log.append('a', 2);
    await settled();
    expect(good.seen).toEqual([0, 1]);
    expect(bad.moments).toContain('failed');
    expect(errors).toHaveLength(1);
    await hub.stop();
  });

  it('reads the stream again when an event could not be opened', async () => {
    const log = fakeLog();
    const { hub } = await started(log);
    const one = listener();
    hub.join('a', one);
    await settled();
    log.failOpening(1);
    log.append('a');
    await settled();
    expect(one.seen).toEqual([0]);
    await hub.stop();
  });

  it('gives nothing more after leaving, and forgets the session', async () => {
    const log = fakeLog();
    const { hub } = await started(log);
    const one = listener();
    const leave = hub.join('a', one);
    await settled();
    leave();
    log.append('a');
    await settled();
    expect(one.seen).toEqual([]);
    expect(hub.sessions()).toBe(0);
    await hub.stop();
  });
});
