import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** One copy of a read model, from the control table itself: the commands under test are not their own witnesses. */
export interface Copy {
  readonly name: string;
  readonly role: string;
  readonly position: bigint;
  /** Null when nobody has it, or had it and is silent for too long. */
  readonly owner: string | null;
}

interface CopyRow {
  readonly name: string;
  readonly role: string;
  readonly position: string;
  readonly owner: string | null;
}

export const readCopies = async (pool: pg.Pool): Promise<readonly Copy[]> => {
  const { rows } = await pool.query<CopyRow>(
    `SELECT name, role, position::text, CASE WHEN lease_until > now() THEN owner END AS owner FROM projections`,
  );
  return rows.map((row) => ({ ...row, position: BigInt(row.position) }));
};

/** An owner is named `<host>/<process id>/…`. */
export const isOwnedBy = ({ owner }: Copy, pid: number): boolean => owner?.split('/')[1] === String(pid);

const LOOK_EVERY_MS = 20;
/** Nothing that is waited for takes so long. */
const PATIENCE_MS = 120_000;

/**
 * Looks again and again until the answer is not undefined; gives it.
 * @throws Error after two minutes
 */
export const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error('What was waited for did not come');
};
