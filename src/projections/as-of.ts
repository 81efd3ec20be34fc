import type { AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import type { EventPage } from '../events/store.js';
import { createMemoryRows } from './memory-rows.js';
import type { Projection, RowOfProjection } from './projection.js';

/** A moment of the log: everything up to a position, or everything recorded up to a time (ISO 8601). */
export type Moment = { readonly position: bigint } | { readonly time: string };

/** Whether an event had been recorded at that moment. */
export const isUpTo = (moment: Moment, { position, recordedAt }: { position: bigint; recordedAt: string }): boolean =>
  'position' in moment ? position <= moment.position : Date.parse(recordedAt) <= Date.parse(moment.time);

/** The part of a page that had been recorded at the moment. */
const upTo = (moment: Moment, { events }: EventPage<AnyRecorded>): readonly AnyRecorded[] => {
  const end = events.findIndex(({ meta }) => !isUpTo(moment, meta));
  return end === -1 ? events : events.slice(0, end);
};

/**
 * The rows of a read model as they were at a moment: the log folded up to there with the projection's own functions. What was
 * erased since then reads as erased, for its keys are gone. Reads the log from the start: takes as long as a rebuild, writes
 * nothing. Asked for the head of the log it gives what the live read model holds there.
 * @throws what a handler of the projection throws, at an event that stops the live read model too
 */
export async function rowsAsOf<P extends Projection>(
  projection: P,
  log: Pick<EventLog, 'readPages'>,
  moment: Moment,
): Promise<readonly RowOfProjection<P>[]> {
  const memory = createMemoryRows(projection);
  for await (const page of log.readPages({ types: projection.types, hashes: 'none' })) {
    const events = upTo(moment, page);
    await memory.fold(events);
    if (events.length < page.events.length) break;
  }
  return memory.rows() as readonly RowOfProjection<P>[];
}

const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads a moment as a person types it: a position, or an ISO 8601 time; one without a zone is in UTC, a day alone is its
 * first moment. Undefined when it is neither.
 */
export function parseMoment(text: string): Moment | undefined {
  if (/^\d{1,18}$/.test(text)) return { position: BigInt(text) };
  if (!isoTime.test(text)) return undefined;
  const zoned = /T/.test(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : { time: new Date(ms).toISOString() };
}
