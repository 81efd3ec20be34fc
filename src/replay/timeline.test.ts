import { describe, expect, it } from 'vitest';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { RecordedEvent } from '../events/store.js';
import type { Place, StoryEvent } from './collect.js';
import { findStep, timelineOf } from './timeline.js';

const at = (n: number): string => new Date(Date.UTC(2026, 4, 12, 14, n)).toISOString();

/** Events of a story, one a minute, at every tenth position. */
const given = (
  ...events: readonly [type: string, data: object, more?: { place?: Place; by?: string; cause?: string }][]
) =>
  events.map(([type, data, more], index): StoryEvent => {
    const { place = 'session', by = 'agent', cause } = more ?? {};
    const meta = { id: `id-${index + 1}`, stream: 'session-s', revision: index, position: BigInt((index + 1) * 10) };
    const rest = { recordedAt: at(index), occurredAt: at(index), actor: { kind: by }, causationId: cause, hash: '' };
    const event = { type, data, meta: { ...meta, ...rest } } as unknown as AnyRecorded;
    return { place, event, recorded: event.meta as unknown as RecordedEvent };
  });
const turnsOf = (events: readonly StoryEvent[]): number[] => timelineOf({ events }).steps.map(({ turn }) => turn);
const said = (evidenceIds: string[] = []) => ({ text: 't', evidenceIds });

describe('turns', () => {
  it('begin with a message of the citizen and hold all that it caused', () => {
    const events = given(
      ['SessionStarted', {}, { by: 'citizen' }],
      ['UserMessageReceived', said(), { by: 'citizen' }],
      ['DetailsRecorded', {}, { cause: 'id-2' }],
      ['AgentReplied', { answers: 'id-2' }],
      ['UserMessageReceived', said(), { by: 'citizen' }],
    );
    expect(turnsOf(events)).toEqual([0, 1, 1, 1, 2]);
  });

  it('take an answer to the message that it answers, when a second message came in between', () => {
    const events = given(
      ['UserMessageReceived', said(), { by: 'citizen' }],
      ['UserMessageReceived', said(), { by: 'citizen' }],
      ['AgentReplied', { answers: 'id-1' }],
      ['AgentReplied', { answers: 'id-2' }],
    );
    expect(turnsOf(events)).toEqual([0, 1, 0, 1]);
  });

  it('take a file to the message that names it', () => {
    const events = given(
      ['SessionStarted', {}, { by: 'citizen' }],
      ['EvidenceUploaded', { evidenceId: 'f' }, { by: 'citizen' }],
      ['UserMessageReceived', said(['f']), { by: 'citizen' }],
    );
    expect(turnsOf(events)).toEqual([0, 1, 1]);
  });

  it('keep the work of the office apart from the conversation', () => {
    const events = given(
      ['UserMessageReceived', said(), { by: 'citizen' }],
      ['CaseOpened', {}, { place: 'case', by: 'system' }],
      ['CaseMoved', {}, { place: 'case', by: 'officer' }],
      ['CaseAccessGranted', {}, { place: 'elsewhere', by: 'citizen' }],
    );
    expect(timelineOf({ events }).turns.map(({ kind }) => kind)).toEqual(['message', 'office', 'elsewhere']);
  });
});

describe('a moment as a person types it', () => {
  const { steps } = timelineOf({ events: given(['A', {}], ['B', {}], ['C', {}]) });

  it.each([
    ['#2', 1],
    ['20', 1],
    ['29', 1],
    ['999', 2],
    ['2026-05-12T14:01', 1],
    ['2026-05-12T14:01:30Z', 1],
    ['2026-05-13', 2],
    ['9', 'before'],
    ['2026-05-12', 'before'],
    ['#4', undefined],
    ['yesterday', undefined],
  ])('%s is step %s', (text, expected) => {
    expect(findStep(steps, text)).toBe(expected);
  });
});
