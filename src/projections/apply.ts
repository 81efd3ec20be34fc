import { isEventCorrupt } from '../events/errors.js';
import type { AnyRecorded } from '../events/catalogue/index.js';
import { shortHash } from '../platform/short-hash.js';
import type { Batch } from './batches.js';
import type { ProjectionFailure } from './failure.js';
import { foldBatch } from './fold.js';
import type { Projection } from './projection.js';
import type { Checkpoint, RowStore } from './row-store.js';

/** What became of a batch. `lost`: the copy belongs to somebody else, or was paused; nothing was written. */
export type Applied =
  | { readonly kind: 'applied'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'lost' }
  | { readonly kind: 'poison'; readonly failure: ProjectionFailure };

const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined;

/**
 * The database refused what was to be written (data out of range, a violated constraint, a limit), and will do so every
 * time. All else (connection, disk, locks, a missing table) may pass.
 */
const isDataError = (error: unknown): boolean => ['22', '23', '54'].includes(sqlState(error)?.slice(0, 2) ?? '');

/** The table is gone: a rebuild has put another one in its place. */
export const isTableGone = (error: unknown): boolean => sqlState(error) === '42P01';

/** Values in messages stand in quotes, mostly; a message of PostgreSQL may quote a row, so only its code is kept. */
function safeMessage(error: unknown): string {
  const code = sqlState(error);
  if (code !== undefined) {
    const constraint = error instanceof Error && 'constraint' in error ? ` (${String(error.constraint)})` : '';
    return `PostgreSQL refused the row: SQLSTATE ${code}${constraint}`;
  }
  if (!(error instanceof Error)) return 'Something that is no Error was thrown';
  return `${error.name}: ${error.message.replace(/(["'`])[^"'`]*\1/g, '…').slice(0, 200)}`;
}

const framesOf = (error: unknown): string[] =>
  (error instanceof Error ? (error.stack ?? '') : '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 5)
    .map((line) => line.trim());

const failureAt = (event: AnyRecorded, error: unknown): ProjectionFailure => ({
  position: event.meta.position.toString(),
  eventType: event.type,
  eventId: event.meta.id,
  message: safeMessage(error),
  stack: framesOf(error),
});

/** The failure behind an event that cannot even be decoded, or undefined for any other error. */
export function undecodable(error: unknown): ProjectionFailure | undefined {
  if (!isEventCorrupt(error)) return undefined;
  const [category = 'stream'] = error.stream.split('-');
  const where = `revision ${error.revision} of ${category} ${shortHash(error.stream)}`;
  return {
    position: error.position?.toString() ?? null,
    eventType: 'unreadable',
    message: `The ${error.eventType} at ${where} cannot be read`,
    stack: [],
  };
}

/** The first events of a batch, as a batch that ends with the last of them. */
function head(batch: Batch, count: number, from: bigint): Batch {
  const events = batch.events.slice(0, count);
  const last = events.at(-1);
  return { events, position: last?.meta.position ?? from, recordedAt: last?.meta.recordedAt ?? null };
}
const tail = (batch: Batch, from: number): Batch => ({ ...batch, events: batch.events.slice(from) });

/**
 * Folds a batch and writes it together with the checkpoint. When an event cannot be applied, everything before it is written
 * and the event is named; a batch that the database refuses is halved until the one event is found.
 * @throws what the database throws when the trouble may pass; nothing is known to be written then
 */
export async function applyBatch(
  projection: Projection,
  store: RowStore,
  from: bigint,
  batch: Batch,
): Promise<Applied> {
  const { changes, poison } = await foldBatch(projection, batch.events, store);
  if (poison !== undefined) {
    const before = await applyBatch(projection, store, from, head(batch, poison.index, from));
    return before.kind === 'applied' ? { kind: 'poison', failure: failureAt(poison.event, poison.error) } : before;
  }
  const checkpoint: Checkpoint = { position: batch.position, recordedAt: batch.recordedAt };
  try {
    const saved = await store.save(changes, from, checkpoint);
    return saved ? { kind: 'applied', checkpoint } : { kind: 'lost' };
  } catch (error) {
    const [first] = batch.events;
    if (!isDataError(error) || first === undefined) throw error;
    if (batch.events.length === 1) return { kind: 'poison', failure: failureAt(first, error) };
    const half = Math.ceil(batch.events.length / 2);
    const left = await applyBatch(projection, store, from, head(batch, half, from));
    if (left.kind !== 'applied') return left;
    return applyBatch(projection, store, left.checkpoint.position, tail(batch, half));
  }
}
