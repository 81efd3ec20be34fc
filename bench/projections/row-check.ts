import { isDeepStrictEqual } from 'node:util';
import { keyString } from '../../src/projections/fold.js';
import type { Projection, Row } from '../../src/projections/projection.js';
import type { KnownRows } from './known-rows.js';

/** What one statement saw of a view, and of the table behind it. */
export interface Reading {
  /** Where the live copy stood. */
  readonly position: bigint;
  readonly rows: readonly Row[];
}

/** `wrong`: a row is not what its events say, is missing, or is too many. `older`: time went back. */
export interface Fault {
  readonly kind: 'wrong' | 'older';
  /** No content of a row. */
  readonly what: string;
}

/** How much a read model holds of a conversation that goes on; null when that may also become less. */
const amountOf = ({ name }: Projection, rows: readonly Row[]): number | null => {
  switch (name) {
    case 'session-status':
      return rows.reduce((sum, row) => sum + Number(row['citizen_messages']) + Number(row['replies']), 0);
    case 'transcript':
    case 'agent-replies':
      return rows.length;
    default:
      return null;
  }
};

/** Checks one reading after the other of one view. Has a memory: what was seen once must not be unseen. */
export const createRowCheck = (projection: Projection, known: KnownRows) => {
  const { name } = projection;
  const first = projection.key[0] ?? '';
  const ids = new Set(known.ids);
  const expected = new Map((known.rows[name] ?? []).map((row) => [keyString(projection, row), row]));
  const amounts = new Map<string, number>();
  let reached = 0n;

  const checkKnown = (rows: readonly Row[]): Fault[] => {
    const mine = rows.filter((row) => ids.has(String(row[first])));
    const faults = mine.flatMap((row): Fault[] => {
      const should = expected.get(keyString(projection, row));
      if (should === undefined) return [{ kind: 'wrong', what: `${name}: a row too many` }];
      return isDeepStrictEqual(row, should) ? [] : [{ kind: 'wrong', what: `${name}: a row with other values` }];
    });
    const missing = expected.size - mine.length;
    return missing > 0 ? [...faults, { kind: 'wrong', what: `${name}: ${missing} rows missing` }] : faults;
  };

  const checkGrowth = (session: string, rows: readonly Row[]): Fault[] => {
    const amount = amountOf(
      projection,
      rows.filter((row) => row[first] === session),
    );
    if (amount === null) return [];
    const before = amounts.get(session) ?? 0;
    amounts.set(session, amount);
    return amount < before ? [{ kind: 'older', what: `${name}: a conversation that was longer before` }] : [];
  };

  return {
    /** @param watched conversations that go on */
    check({ position, rows }: Reading, watched: readonly string[]): readonly Fault[] {
      const back: Fault[] =
        position < reached ? [{ kind: 'older', what: `${name}: ${position} after ${reached}` }] : [];
      reached = position;
      return [...back, ...checkKnown(rows), ...watched.flatMap((session) => checkGrowth(session, rows))];
    },
  };
};
