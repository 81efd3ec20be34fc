import type { AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import type { Difference } from './admin.js';
import type { RawDifference, RawRow } from './compare.js';
import { keyString } from './fold.js';
import type { Projection } from './projection.js';

/** Whether an event concerns a row: by its key, or by the value of a column that the row has in either table. */
function concerns(projection: Projection, name: string, rows: readonly RawRow[], event: AnyRecorded): boolean {
  const handler = projection.handlers.get(event.type);
  if (handler === undefined) return false;
  try {
    if (handler.by === 'key') return handler.keys(event).some((key) => keyString(projection, key) === name);
    const value = handler.value(event);
    return value !== null && rows.some((row) => row[handler.column] === value);
  } catch {
    // It was applied to no copy either.
    return false;
  }
}

/**
 * The last event up to a position that concerns a row: what made it what it is, or should have. Reads the log from the start.
 * Null when no event concerns it: then something else than the fold has written the row.
 */
export async function lastEventOf(
  projection: Projection,
  { key, live, rebuilt }: Pick<RawDifference, 'key' | 'live' | 'rebuilt'>,
  log: Pick<EventLog, 'readPages'>,
  until: bigint,
  signal?: AbortSignal,
): Promise<Difference['event']> {
  const name = keyString(projection, Object.fromEntries(projection.key.map((column, i) => [column, key[i]])));
  const rows = [live, rebuilt].filter((row) => row !== null);
  let last: AnyRecorded | undefined;
  for await (const { events } of log.readPages({ until, types: projection.types, hashes: 'none' })) {
    signal?.throwIfAborted();
    last = events.findLast((event) => concerns(projection, name, rows, event)) ?? last;
  }
  return last === undefined ? null : { position: last.meta.position, type: last.type, id: last.meta.id };
}
