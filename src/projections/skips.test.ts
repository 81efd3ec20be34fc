import { describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog, LogMessage } from '../events/event-log.js';
import { leavingOut, subscribeLeavingOut } from './skips.js';

/** A log of so many events, which are nothing but their positions. */
const logOf = (last: number): Pick<EventLog, 'readPages' | 'subscribe'> => {
  const between = (after: bigint, until: bigint): AnyRecorded[] =>
    Array.from({ length: last }, (_, n) => ({ meta: { position: BigInt(n + 1) } }) as AnyRecorded).filter(
      ({ meta }) => meta.position > after && meta.position <= until,
    );
  return {
    async *readPages({ after = 0n, until = BigInt(last) } = {}) {
      await Promise.resolve();
      yield { events: between(after, until), to: until };
    },
    async *subscribe({ after }) {
      await Promise.resolve();
      for (const event of between(after as bigint, BigInt(last))) yield { kind: 'event', event };
      yield { kind: 'caught-up', position: BigInt(last) };
    },
  };
};

const pagesOf = async (positions: readonly bigint[], range: { after?: bigint; until?: bigint }) => {
  const seen: bigint[] = [];
  let to = 0n;
  for await (const page of leavingOut(logOf(6), positions).readPages(range)) {
    seen.push(...page.events.map(({ meta }) => meta.position));
    to = page.to;
  }
  return { seen, to };
};
const tell = (message: LogMessage): string =>
  message.kind === 'event' ? `event ${message.event.meta.position}` : `${message.kind} ${message.position}`;

describe('a log that leaves events out', () => {
  it.each([
    [[], {}, [1n, 2n, 3n, 4n, 5n, 6n]],
    [[3n], {}, [1n, 2n, 4n, 5n, 6n]],
    [[1n, 2n], {}, [3n, 4n, 5n, 6n]],
    [[6n], {}, [1n, 2n, 3n, 4n, 5n]],
    [[2n, 4n], { after: 2n, until: 5n }, [3n, 5n]],
    [[4n], { after: 1n, until: 4n }, [2n, 3n]],
  ])('without %o, of the range %o, gives the others and reaches the end', async (positions, range, expected) => {
    const { seen, to } = await pagesOf(positions, range);
    expect(seen).toEqual(expected);
    expect(to).toBe('until' in range ? range.until : 6n);
  });

  it('says in a subscription that it has passed them', async () => {
    const source = subscribeLeavingOut(logOf(5), [2n, 4n], {
      after: 1n,
      types: [],
      signal: new AbortController().signal,
    });
    const told: string[] = [];
    for await (const message of source) told.push(tell(message));
    expect(told).toEqual(['checkpoint 2', 'event 3', 'checkpoint 3', 'checkpoint 4', 'event 5', 'caught-up 5']);
  });
});
