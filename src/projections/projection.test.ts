import { describe, expect, it } from 'vitest';
import { createStory, sealed } from '../../test/support/projection-events.js';
import { deliver, memoryRows } from '../../test/support/projection-harness.js';
import { applyBatch } from './apply.js';
import { integer, text } from './columns.js';
import { defineProjection } from './projection.js';
import { bySession } from './read-models/keys.js';

const columns = { session_id: text, count: integer };
const counter = (name = 'counter') =>
  defineProjection({
    name,
    version: 1,
    table: { columns, key: ['session_id'] },
    on: {
      UserMessageReceived: {
        key: bySession,
        apply: (row, event) => {
          if (event.data.text === sealed('poison')) throw new Error('cannot count "a secret"');
          return { ...bySession(event), count: (row?.count ?? 0) + 1 };
        },
      },
    },
  });
const says = (story: ReturnType<typeof createStory>, ...texts: string[]) => {
  for (const said of texts) story.add('session-a', 'UserMessageReceived', { text: sealed(said), evidenceIds: [] });
};
const batchOf = ({ events }: ReturnType<typeof createStory>) => ({
  events,
  position: events.at(-1)?.meta.position ?? 0n,
  recordedAt: events.at(-1)?.meta.recordedAt ?? null,
});

describe('defineProjection', () => {
  it.each(['Sessions', 'a_b', 'drop table', '', 'x'.repeat(41)])('refuses the name %j', (name) => {
    expect(() => counter(name)).toThrow('its name');
  });

  it('refuses rows selected by a column that no index begins with', () => {
    const define = () =>
      defineProjection({
        name: 'x',
        version: 1,
        table: { columns: { id: text, other: text }, key: ['id'] },
        on: {},
        onMany: { HumanLeft: { column: 'other', value: () => null, apply: () => null } },
      });
    expect(define).toThrow('no index begins with');
  });

  it('gives another shape when a column changes', () => {
    const wider = defineProjection({
      name: 'counter',
      version: 1,
      table: { columns: { ...columns, more: text }, key: ['session_id'] },
      on: {},
    });
    expect(wider.shape).not.toBe(counter().shape);
  });
});

describe('applyBatch', () => {
  it('writes what came before a poison event, and names the event without its data', async () => {
    const projection = counter();
    const rows = memoryRows(projection);
    const story = createStory();
    says(story, 'one', 'two', 'poison', 'four');
    const applied = await applyBatch(projection, rows, 0n, batchOf(story));
    expect(applied).toMatchObject({ kind: 'poison', failure: { position: '3', eventType: 'UserMessageReceived' } });
    expect(JSON.stringify(applied)).not.toContain('secret');
    expect(rows.rows()).toEqual([{ session_id: 'a', count: 2 }]);
    expect(rows.position).toBe(2n);
  });

  it('finds the one event whose row the database refuses', async () => {
    const projection = counter();
    const rows = memoryRows(projection);
    const story = createStory();
    says(story, 'one', 'two', 'three', 'four', 'five');
    // As PostgreSQL would, for a row that a constraint does not allow.
    const refused = Object.assign(new Error('Failing row contains (a, 4)'), { code: '23514', constraint: 'small' });
    const strict: typeof rows = {
      ...rows,
      save: (changes, from, to) =>
        changes.upserts.some((row) => Number(row['count']) >= 4)
          ? Promise.reject(refused)
          : rows.save(changes, from, to),
    };
    const applied = await applyBatch(projection, strict, 0n, batchOf(story));
    expect(applied).toMatchObject({
      kind: 'poison',
      failure: { position: '4', message: 'PostgreSQL refused the row: SQLSTATE 23514 (small)' },
    });
    expect(rows.position).toBe(3n);
  });

  it('passes on trouble that may go away', async () => {
    const projection = counter();
    const rows = memoryRows(projection);
    const story = createStory();
    says(story, 'one');
    rows.failOnce();
    await expect(applyBatch(projection, rows, 0n, batchOf(story))).rejects.toThrow('The connection was lost');
    await deliver(projection, rows, story.events);
    expect(rows.rows()).toEqual([{ session_id: 'a', count: 1 }]);
  });

  it('says that the copy is lost when the checkpoint is not where it was left', async () => {
    const projection = counter();
    const rows = memoryRows(projection);
    const story = createStory();
    says(story, 'one');
    expect(await applyBatch(projection, rows, 7n, batchOf(story))).toEqual({ kind: 'lost' });
  });
});

it('leaves the row alone when an event gives the same row back', async () => {
  const projection = defineProjection({
    name: 'still',
    version: 1,
    table: { columns, key: ['session_id'] },
    on: { HumanLeft: { key: bySession, apply: (row) => row } },
  });
  const story = createStory();
  story.add('session-a', 'HumanLeft', {});
  const rows = memoryRows(projection);
  const writes: number[] = [];
  const watched = {
    ...rows,
    save: (...args: Parameters<typeof rows.save>) => {
      writes.push(args[0].upserts.length + args[0].deletes.length);
      return rows.save(...args);
    },
  };
  await applyBatch(projection, watched, 0n, batchOf(story));
  expect(writes).toEqual([0]);
});
