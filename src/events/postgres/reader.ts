import type pg from 'pg';
import {
  logGap,
  type EventPage,
  type LogHead,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
} from '../store.js';
import { decodeRows, eventColumns, eventColumnsWith, eventsQuery } from './rows.js';

/** Read with one statement. */
export type Page = EventPage<RecordedEvent>;

export interface PagesOptions {
  /** Exclusive. */
  readonly after: bigint;
  /** Inclusive. */
  readonly until: bigint;
  readonly types: readonly string[] | undefined;
  readonly pageSize: number;
  readonly hashes?: ReadAllOptions['hashes'];
}

/** Runs one statement and gives its rows; decides about retries. */
export type RunQuery = (query: pg.QueryArrayConfig) => Promise<unknown[][]>;

/** With a type filter one page covers at most this many positions per event asked for, so that rare types stay bounded too. */
const POSITIONS_PER_FILTERED_EVENT = 10n;
const MAX_REVISION = 2_147_483_647;

const pageSql = (filter: string, columns = eventColumns): string =>
  `SELECT ${columns} FROM events WHERE position > $1 AND position <= $2${filter} ORDER BY position LIMIT $3`;

/** @throws LogGapError when positions from `after` on are not contiguous */
function checkContiguous(events: readonly RecordedEvent[], after: bigint): void {
  let last = after;
  for (const { position } of events) {
    if (position !== last + 1n) throw logGap(last, position);
    last = position;
  }
  if (events.length === 0) throw logGap(after, null);
}

async function fetchPage(run: RunQuery, options: PagesOptions): Promise<Page> {
  const { after, until, types, pageSize, hashes = 'stream' } = options;
  const columns = eventColumnsWith[hashes];
  if (types === undefined) {
    const query = eventsQuery(`read-all-hashes-${hashes}`, pageSql('', columns), [after, until, pageSize]);
    const events = decodeRows(await run(query));
    checkContiguous(events, after);
    return { events, to: events.at(-1)?.position ?? until };
  }
  const window = after + BigInt(pageSize) * POSITIONS_PER_FILTERED_EVENT;
  const end = window < until ? window : until;
  const sql = pageSql(' AND type = ANY($4)', columns);
  const query = eventsQuery(`read-all-of-types-hashes-${hashes}`, sql, [after, end, pageSize, types]);
  const events = decodeRows(await run(query));
  return { events, to: events.length < pageSize ? end : (events.at(-1)?.position ?? end) };
}

/** A promise whose failure is heard when it is awaited, and not before. */
const ahead = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};

/**
 * The log in pages, in order of position; the next page is fetched while the consumer works on this one.
 * @throws LogGapError when there is no filter and a position is missing
 */
export async function* readPages(run: RunQuery, options: PagesOptions): AsyncGenerator<Page, void, undefined> {
  const fetch = (after: bigint): Promise<Page> | undefined =>
    after < options.until ? ahead(fetchPage(run, { ...options, after })) : undefined;
  for (let next = fetch(options.after); next !== undefined;) {
    const page = await next;
    next = fetch(page.to);
    yield page;
  }
}

/** See `EventStore.readAll`. */
export async function* readAll(
  run: RunQuery,
  options: ReadAllOptions & { readonly pageSize: number },
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { position } = await readHead(run);
  const { after = 0n, types, limit = Infinity } = options;
  let left = limit;
  if (left <= 0) return;
  const ends = [position, options.until ?? position];
  if (types === undefined && limit !== Infinity) ends.push(after + BigInt(limit));
  const pages = readPages(run, {
    after,
    until: ends.reduce((least, end) => (end < least ? end : least)),
    types,
    pageSize: Math.max(1, Math.min(options.pageSize, left)),
    ...(options.hashes && { hashes: options.hashes }),
  });
  for await (const { events } of pages) {
    for (const event of events) {
      yield event;
      if (--left <= 0) return;
    }
  }
}

const streamSql = {
  forwards: `SELECT ${eventColumns} FROM events WHERE stream = $1 AND revision >= $2 ORDER BY revision LIMIT $3`,
  backwards: `SELECT ${eventColumns} FROM events WHERE stream = $1 AND revision <= $2 ORDER BY revision DESC LIMIT $3`,
};

/** See `EventStore.readStream`. */
export async function* readStream(
  run: RunQuery,
  stream: string,
  options: ReadStreamOptions & { readonly pageSize: number },
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { direction = 'forwards', limit = Infinity, pageSize } = options;
  const step = direction === 'forwards' ? 1 : -1;
  const fetch = (from: number, most: number): Promise<RecordedEvent[]> | undefined =>
    most > 0 && from >= 0 && from <= MAX_REVISION
      ? ahead(run(eventsQuery(`read-stream-${direction}`, streamSql[direction], [stream, from, most])).then(decodeRows))
      : undefined;
  let from = options.from ?? (direction === 'forwards' ? 0 : MAX_REVISION);
  if (direction === 'forwards') from = Math.max(from, 0);
  let left = limit;
  for (let next = fetch(from, Math.min(pageSize, left)); next !== undefined;) {
    const asked = Math.min(pageSize, left);
    const events = await next;
    left -= events.length;
    const last = events.at(-1);
    next =
      last === undefined || events.length < asked ? undefined : fetch(last.revision + step, Math.min(pageSize, left));
    for (const event of events) yield event;
  }
}

/** See `EventStore.head`. */
export async function readHead(run: RunQuery): Promise<LogHead> {
  const rows = await run(eventsQuery('read-head', 'SELECT position, recorded_ms, log_hash FROM log_head', []));
  const [position = '0', recordedMs = '0', hash = ''] = (rows[0] ?? []) as string[];
  const recordedAt = position === '0' ? null : new Date(Number(recordedMs)).toISOString();
  return { position: BigInt(position), recordedAt, logHash: hash.slice(2) };
}
