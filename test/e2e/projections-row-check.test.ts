import { describe, expect, it } from 'vitest';
import { createRowCheck } from '../../bench/projections/row-check.js';
import { pendingTurns } from '../../src/projections/read-models/pending-turns.js';
import { transcript } from '../../src/projections/read-models/transcript.js';

// A check that cannot find a fault proves nothing.
const row = (session_id: string, revision: number, content = 'x') => ({ session_id, revision, content });
const known = { ids: ['a'], rows: { transcript: [row('a', 0), row('a', 1)] } };
const whole = [row('a', 0), row('a', 1)];

describe('The check of what a reader sees', () => {
  it.each([
    { fault: 'nothing in the rows of the history', rows: whole, kinds: [] },
    { fault: 'a row that is missing', rows: [row('a', 0)], kinds: ['wrong'] },
    { fault: 'a row too many', rows: [...whole, row('a', 2)], kinds: ['wrong'] },
    { fault: 'a row with other values', rows: [row('a', 0), row('a', 1, 'y')], kinds: ['wrong'] },
    { fault: 'an empty view', rows: [], kinds: ['wrong'] },
  ])('finds $fault', ({ rows, kinds }) => {
    const faults = createRowCheck(transcript, known).check({ position: 9n, rows }, []);
    expect(faults.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('finds a position before one that was seen', () => {
    const check = createRowCheck(transcript, known);
    check.check({ position: 9n, rows: whole }, []);
    expect(check.check({ position: 9n, rows: whole }, [])).toEqual([]);
    expect(check.check({ position: 8n, rows: whole }, []).map(({ kind }) => kind)).toEqual(['older']);
  });

  it('finds a conversation that was longer before', () => {
    const check = createRowCheck(transcript, known);
    check.check({ position: 1n, rows: [...whole, row('b', 0), row('b', 1)] }, ['b']);
    const faults = check.check({ position: 2n, rows: [...whole, row('b', 0)] }, ['b']);
    expect(faults.map(({ kind }) => kind)).toEqual(['older']);
  });

  it('lets a message that was answered leave the read model of those that were not', () => {
    const check = createRowCheck(pendingTurns, { ids: [], rows: {} });
    check.check({ position: 1n, rows: [{ session_id: 'b' }] }, ['b']);
    expect(check.check({ position: 2n, rows: [] }, ['b'])).toEqual([]);
  });
});
