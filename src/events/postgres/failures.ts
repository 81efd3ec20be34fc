/** What a failed statement means for whoever sent it. */
export type Failure =
  /** The connection is gone: what was under way may or may not have happened. */
  | 'lost'
  /** It did not happen, and may succeed later (locks, deadlocks, a server that starts up, too many connections). */
  | 'later'
  /** It did not happen and never will: the data were refused. */
  | 'refused'
  /** It did not happen; a person must mend something (rights, a missing table, a disk). */
  | 'broken'
  /** It did not happen; the log does not end at its head, so a person must mend it (see behind-head.ts). */
  | 'blocked';

/** The SQLSTATE of an error that the server sent, or undefined for one that arose on the way. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const lost = new Set(['57P01', '57P02', '57P05']);
const later = new Set(['40001', '40P01', '55P03', '57014', '57P03', '25006']);
/** What the trigger on new events raises, and what `append_batch` does when there is no head at all. */
const blocked = new Set(['CZ001', 'P0002']);
const refusedClasses = new Set(['22', '23', '54', 'P0']);

/** The next position is the head's to give, so nothing that went through the head can have it already. */
const takesAPosition = (error: unknown): boolean =>
  isUniqueViolation(error) && (error as { readonly constraint?: unknown }).constraint === 'events_pkey';

/** Classifies by SQLSTATE (PostgreSQL manual, appendix A). Errors without one come from the network or the driver. */
export function classify(error: unknown): Failure {
  const state = sqlState(error);
  if (state === undefined || lost.has(state) || state.startsWith('08')) return 'lost';
  if (blocked.has(state) || takesAPosition(error)) return 'blocked';
  if (later.has(state) || state.startsWith('53')) return 'later';
  return refusedClasses.has(state.slice(0, 2)) ? 'refused' : 'broken';
}

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505';
