import { describe, expect, expectTypeOf, it } from 'vitest';
import { event, given } from '../../test/support/given-projection.js';
import { sealed, timeOf, uuid } from '../../test/support/projection-events.js';
import { integer, json, nullable, text, time, type RowOf } from './columns.js';
import { defineProjection, type RowOfProjection } from './projection.js';
import { bySession } from './read-models/keys.js';

// The harness that tests of projections are written with must notice every broken rule of docs/projections.md.

const says = event('session-a', 'UserMessageReceived');
const columns = { session_id: text, count: integer, at: nullable(time), words: nullable(json<string[]>()) };
type CounterRow = RowOf<typeof columns>;
const first = Object.freeze({ session_id: 'a', count: 0, at: null, words: null });

/** One row per session, changed by every message as the test wants. */
const counting = (change: (row: CounterRow, event: { readonly meta: { readonly occurredAt: string } }) => CounterRow) =>
  defineProjection({
    name: 'counter',
    version: 1,
    table: { columns, key: ['session_id'] },
    on: { UserMessageReceived: { key: bySession, apply: (row, event) => change(row ?? first, event) } },
  });
const plain = counting((row) => ({ ...row, count: row.count + 1 }));
const twice = (change: Parameters<typeof counting>[0]): Promise<void> =>
  given(counting(change), says, says).thenRows([{}]);

describe('given, when, then', () => {
  it('compares all rows, in the columns that are named', async () => {
    await given(plain, says, says).thenRows([{ count: 2 }]);
    await expect(given(plain, says).thenRows([{ count: 2 }])).rejects.toThrow();
    await expect(given(plain, says).thenRows([])).rejects.toThrow();
  });

  it('lets a scenario go on in several ways', async () => {
    const one = given(plain, says);
    await one.when(says, says).thenRows([{ count: 3 }]);
    await one.when(event('session-a', 'HumanLeft')).thenNothing();
    await expect(one.when(says).thenNothing()).rejects.toThrow();
    await one.thenRows([{ count: 1 }]);
  });

  it('gives events their place, id and time, unless the test does', async () => {
    const stamped = counting((row, { meta }) => ({ ...row, at: meta.occurredAt }));
    await given(stamped, says, says).thenRows([{ at: timeOf(2) }]);
    const at = '2026-05-31T23:59:59.999Z';
    await given(stamped, event('session-a', 'UserMessageReceived', {}, { id: uuid(9), at })).thenRows([{ at }]);
  });

  it('takes no event that the log could not hold', () => {
    expect(() => event('session-a', 'UserMessageReceived', { text: 'not sealed' })).toThrow(`sealed('…')`);
    expect(() => event('session-a', 'AgentReplied', { answers: 'no uuid' })).toThrow('answers');
    const { data } = event('session-a', 'UserMessageReceived', { text: sealed('x') });
    expect(data).toEqual({ text: sealed('x'), evidenceIds: [] });
  });
});

describe('the harness notices a projection', () => {
  it('whose rows depend on something besides rows and events', async () => {
    let calls = 0;
    await expect(twice((row) => ({ ...row, count: (calls += 1) }))).rejects.toThrow('in batches of');
  });

  it('that looks at the clock', async () => {
    const year = new Date().getFullYear();
    await expect(twice((row) => ({ ...row, count: new Date().getFullYear() }))).rejects.toThrow('at another time');
    expect(new Date().getFullYear()).toBe(year);
  });

  it('that changes the row or the event it was given', async () => {
    const changesRow = twice((row) => Object.assign(row, { count: row.count + 1 }));
    await expect(changesRow).rejects.toThrow('TypeError');
    const changesEvent = twice((row, { meta }) => ({
      ...row,
      at: Object.assign(meta, { occurredAt: timeOf(9) }).occurredAt,
    }));
    await expect(changesEvent).rejects.toThrow('TypeError');
  });

  it('whose rows are others once they were written', async () => {
    await expect(twice((row) => ({ ...row, at: '2026-01-01T00:00:00.123456Z' }))).rejects.toThrow('column at');
    const sparse = Object.assign([], { 1: 'b' }) as string[];
    await expect(twice((row) => ({ ...row, words: sparse }))).rejects.toThrow('column words');
  });

  it('that says "fresh" of an event whose row is there already', async () => {
    const hasty = defineProjection({
      name: 'hasty',
      version: 1,
      table: { columns, key: ['session_id'] },
      on: { UserMessageReceived: { key: bySession, fresh: true, apply: () => first } },
    });
    await given(hasty, says).thenRows([{}]);
    await expect(given(hasty, says, says).thenRows([{}])).rejects.toThrow('says "fresh"');
  });
});

interface FileListRow {
  readonly session_id: string;
  readonly revision: number;
  readonly files: readonly string[] | null;
}

describe('types of a projection', () => {
  it('follow from its columns, its key and its events', async () => {
    const fileLists = defineProjection({
      name: 'file-lists',
      version: 1,
      table: {
        columns: { session_id: text, revision: integer, files: nullable(json<readonly string[]>()) },
        key: ['session_id', 'revision'],
      },
      on: {
        UserMessageReceived: {
          key: (said) => ({ ...bySession(said), revision: said.meta.revision }),
          apply: (row, { data }, key) => {
            expectTypeOf(data.evidenceIds).toEqualTypeOf<string[]>();
            expectTypeOf(key).toEqualTypeOf<Pick<FileListRow, 'session_id' | 'revision'>>();
            return row ?? { ...key, files: data.evidenceIds };
          },
        },
        // @ts-expect-error a row lacks a column
        HumanLeft: { key: (left) => ({ ...bySession(left), revision: 1 }), apply: (_row, _event, key) => key },
        // @ts-expect-error a key lacks a column
        HumanJoined: { key: bySession, apply: (row) => row },
      },
    });
    expectTypeOf<RowOfProjection<typeof fileLists>>().toEqualTypeOf<FileListRow>();
    // @ts-expect-error there is no such column
    await expect(given(fileLists, says).thenRows([{ sessions: 1 }])).rejects.toThrow();
  });
});
