import type pg from 'pg';
import type { EventLog, LogMessage } from '../events/event-log.js';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { EventPage } from '../events/store.js';
import type { Projection } from './projection.js';

// Events that a person decided to leave out of a projection, because it cannot apply them.

type ReadLog = Pick<EventLog, 'readPages'>;

/** Positions of the events that this version leaves out, in order. */
export async function loadSkips(
  db: Pick<pg.Pool, 'query'>,
  { name, version }: Pick<Projection, 'name' | 'version'>,
): Promise<readonly bigint[]> {
  const { rows } = await db.query<{ position: string }>(
    `SELECT position::text FROM projection_skips WHERE name = $1 AND version = $2 ORDER BY projection_skips.position`,
    [name, version],
  );
  return rows.map(({ position }) => BigInt(position));
}

/** An event that a person decided to leave out of a read model. */
export interface Skip {
  readonly projection: string;
  readonly position: bigint;
  /** ISO 8601. */
  readonly at: string;
  /** Staff id. */
  readonly by: string;
  readonly reason: string;
}

/** What is left out of these versions, with who decided it, when and why; in order of the log. */
export async function readSkips(
  db: Pick<pg.Pool, 'query'>,
  projections: readonly Pick<Projection, 'name' | 'version'>[],
): Promise<readonly Skip[]> {
  const { rows } = await db.query<Omit<Skip, 'position' | 'at'> & { version: number; position: string; at: Date }>(
    `SELECT name AS projection, version, position::text, decided_at AS at, decided_by AS by, reason
     FROM projection_skips ORDER BY projection_skips.position, name`,
  );
  return rows
    .filter((row) => projections.some(({ name, version }) => name === row.projection && version === row.version))
    .map(({ projection, position, at, by, reason }) => ({
      ...{ projection, by, reason },
      position: BigInt(position),
      at: at.toISOString(),
    }));
}

type Range = NonNullable<Parameters<EventLog['readPages']>[0]>;

/** The stretches between the positions that are left out; of the last one only the start is given. */
async function* stretches(
  log: ReadLog,
  positions: readonly bigint[],
  { after = 0n, until, ...rest }: Range,
): AsyncGenerator<EventPage<AnyRecorded>, bigint> {
  let at = after;
  for (const position of positions) {
    if (position <= at) continue;
    if (until !== undefined && position > until) break;
    if (position - 1n > at) yield* log.readPages({ ...rest, after: at, until: position - 1n });
    yield { events: [], to: position };
    at = position;
  }
  return at;
}

/** The log without some events. They are not even read, so it does not matter whether they could be. */
export function leavingOut(log: ReadLog, positions: readonly bigint[]): ReadLog {
  if (positions.length === 0) return log;
  return {
    async *readPages(range: Range = {}) {
      const at = yield* stretches(log, positions, range);
      if (range.until === undefined || at < range.until) yield* log.readPages({ ...range, after: at });
    },
  };
}

/** A live subscription without some events. */
export async function* subscribeLeavingOut(
  log: Pick<EventLog, 'readPages' | 'subscribe'>,
  positions: readonly bigint[],
  { after, types, signal }: { readonly after: bigint; readonly types: readonly string[]; readonly signal: AbortSignal },
): AsyncGenerator<LogMessage> {
  const before = stretches(log, positions, { after, types, hashes: 'none' });
  let next = await before.next();
  for (; next.done !== true; next = await before.next()) {
    for (const event of next.value.events) yield { kind: 'event', event };
    yield { kind: 'checkpoint', position: next.value.to };
    if (signal.aborted) return;
  }
  yield* log.subscribe({ after: next.value, types, signal });
}
