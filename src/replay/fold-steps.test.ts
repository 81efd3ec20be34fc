import { describe, expect, it } from 'vitest';
import { createStory, sealed } from '../../test/support/projection-events.js';
import type { RecordedEvent } from '../events/store.js';
import { integer, text } from '../projections/columns.js';
import { defineProjection } from '../projections/projection.js';
import { bySession } from '../projections/read-models/keys.js';
import { createStepFolder } from './fold-steps.js';
import { timelineOf } from './timeline.js';

const counterNamed = (name: string, poison?: string) =>
  defineProjection({
    ...{ name, version: 1 },
    table: { columns: { session_id: text, count: integer }, key: ['session_id'] },
    on: {
      UserMessageReceived: {
        key: bySession,
        apply: (row, event) => {
          if (event.data.text === poison) throw new Error('it cannot be counted');
          return { ...bySession(event), count: (row?.count ?? 0) + 1 };
        },
      },
    },
  });
const careful = counterNamed('careful');
const clumsy = counterNamed('clumsy', sealed('m3'));

/** Five messages of one citizen, one a position; `clumsy` cannot apply the third. */
const folder = (skips?: Parameters<typeof createStepFolder>[2]) => {
  const story = createStory();
  for (let n = 1; n <= 5; n += 1)
    story.add('session-s', 'UserMessageReceived', { text: sealed(`m${n}`), evidenceIds: [] });
  const events = story.events.map((event) => ({
    ...{ place: 'session' as const, event },
    recorded: event.meta as unknown as RecordedEvent,
  }));
  return createStepFolder(timelineOf({ events }).steps, [careful, clumsy], skips);
};
const countsAt = async (folded: ReturnType<typeof folder>, index: number) =>
  [...(await folded.at(index)).values()].map(([row]) => row?.['count']);

describe('a read model in a replay', () => {
  it('that cannot apply an event stands still from there on, and the others go on', async () => {
    const folded = folder();
    expect(await countsAt(folded, 1)).toEqual([2, 2]);
    expect(folded.stopOf('clumsy')).toBeUndefined();
    expect(await countsAt(folded, 4)).toEqual([5, 2]);
    expect([folded.stopOf('clumsy'), folded.stopOf('careful')]).toEqual([2, undefined]);
  });

  it('holds the same whichever way one came to a step', async () => {
    const folded = folder();
    expect(await countsAt(folded, 4)).toEqual([5, 2]);
    expect(await countsAt(folded, 0)).toEqual([1, 1]);
    expect(await countsAt(folded, 3)).toEqual([4, 2]);
  });

  it('leaves out what a person decided to leave out, and goes on behind it', async () => {
    const folded = folder([{ projection: 'clumsy', position: 3n }]);
    expect(await countsAt(folded, 4)).toEqual([5, 4]);
    expect(folded.stopOf('clumsy')).toBeUndefined();
  });
});
