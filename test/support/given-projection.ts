import { expect } from 'vitest';
import type { AnyRecorded, DomainEventType } from '../../src/events/catalogue/index.js';
import type { Projection, Row, RowOfProjection } from '../../src/projections/projection.js';
import { createStory } from './projection-events.js';
import { foldInBatches, foldYearsLater } from './projection-harness.js';
import { eventData, type DataOf } from './smallest-event.js';

// Given/when/then for projections: see docs/projections.md.

/** One event of a test, before it has its place in the log. */
export interface Happening {
  readonly stream: string;
  readonly type: DomainEventType;
  readonly data: DataOf<DomainEventType>;
  readonly id?: string | undefined;
  readonly at?: string | undefined;
}

/**
 * An event of a test: only what matters to it is given, the rest is the least that the catalogue allows. The n-th event of a
 * test has the id `uuid(n)` and happens at `timeOf(n)`, unless it says otherwise. Personal texts are given `sealed('…')`.
 * @throws Error when the log could not hold such an event
 */
export const event = <T extends DomainEventType>(
  stream: string,
  type: T,
  data: Partial<DataOf<T>> = {},
  { id, at }: { readonly id?: string; readonly at?: string } = {},
): Happening => ({ stream, type, data: eventData(type, data), id, at });

/** At their places in a log that begins with them. */
export function recorded(happenings: readonly Happening[]): readonly AnyRecorded[] {
  const story = createStory();
  for (const { stream, type, data, id, at } of happenings) story.add(stream, type, data, id, at);
  return story.events;
}

/** Every way to cut a history in two, and into batches of one, two and three. More than enough where it is long. */
const cutsOf = (length: number): readonly (readonly number[])[] => [
  ...[[1], [2], [3]],
  ...Array.from({ length: Math.min(length, 20) }, (_, n) => [n + 1, length]),
];

/**
 * The rows after these events, in order of key, after the projection has shown that it keeps the rules: the rows are the same
 * however the events are cut into batches, whichever batch is lost and repeated, and whenever that is; no handler changes an
 * event or a row that it is given; every row reads as it was written; `fresh` is true.
 * @throws Error that names the broken rule
 */
export async function checkedRows(projection: Projection, events: readonly AnyRecorded[]): Promise<readonly Row[]> {
  const rows = await foldInBatches(projection, events, [Math.max(1, events.length)]);
  for (const sizes of cutsOf(events.length)) {
    const cut = `${projection.name}: other rows when the same events come in batches of ${sizes.join(', ')}`;
    expect(await foldInBatches(projection, events, sizes), cut).toEqual(rows);
  }
  const later = `${projection.name}: other rows when the same events are folded at another time`;
  expect(await foldYearsLater(projection, events, [1]), later).toEqual(rows);
  return rows;
}

export interface Scenario<P extends Projection> {
  /** What happens next. The scenario before it stays as it was. */
  when(...happenings: readonly Happening[]): Scenario<P>;
  /** The rows are these and no others, in order of key. Only the columns that are named are compared. */
  thenRows(expected: readonly Partial<RowOfProjection<P>>[]): Promise<void>;
  /** What happened last changed no row. */
  thenNothing(): Promise<void>;
}

function scenario<P extends Projection>(
  projection: P,
  before: readonly Happening[],
  last: readonly Happening[],
): Scenario<P> {
  const all = [...before, ...last];
  return {
    when: (...happenings) => scenario(projection, all, happenings),
    async thenRows(expected) {
      const rows = await checkedRows(projection, recorded(all));
      expect(rows).toHaveLength(expected.length);
      expect(rows).toMatchObject(expected as object[]);
    },
    async thenNothing() {
      expect(await checkedRows(projection, recorded(all))).toEqual(await checkedRows(projection, recorded(before)));
    },
  };
}

/** `await given(projection, event(…)).when(event(…)).thenRows([…])`; each `then` checks the rules of `checkedRows` too. */
export const given = <P extends Projection>(projection: P, ...happenings: readonly Happening[]): Scenario<P> =>
  scenario(projection, [], happenings);
