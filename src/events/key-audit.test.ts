import { describe, expect, it } from 'vitest';
import { createKeyAudit, type KeyRow } from './key-audit.js';
import type { PersonalClass } from './personal.js';
import type { RecordedEvent } from './store.js';

const event = (subject: string, type: string, data: object): RecordedEvent =>
  ({ stream: `session-${subject}`, type, payload: JSON.stringify(data) }) as RecordedEvent;
const told = (subject: string, ...classes: PersonalClass[]): RecordedEvent =>
  event(subject, 'UserMessageReceived', {
    text: 'in the clear',
    sealed: classes.map((name) => `sealed:v1:${name}:${subject}:AAAA`),
  });
const erased = (subject: string, ...classes: PersonalClass[]): RecordedEvent =>
  event(subject, 'PersonalDataErased', { classes, reason: 'retention' });
const key = (subject: string, personalClass: PersonalClass, destroyed = false): KeyRow => ({
  ...{ subject, personalClass, destroyed },
});

async function* listed<T>(items: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* items;
}
/** @param later events that were recorded after the audit had seen the log */
const audit = (events: readonly RecordedEvent[], keys: readonly KeyRow[], later: readonly RecordedEvent[] = []) => {
  const looked = createKeyAudit();
  for (const one of events) looked.see(one);
  return looked.conclude(listed([keys]), {
    readStream: (stream) => listed([...events, ...later].filter((one) => one.stream === stream)),
  });
};

describe('the keys that a log needs', () => {
  it('are in order when each is there', async () => {
    const events = [told('a', 'content', 'identity'), told('b', 'content')];
    const keys = [key('a', 'content'), key('a', 'identity'), key('b', 'content')];
    expect(await audit(events, keys)).toEqual({ needed: 3, problems: 0, first: undefined });
  });

  it('are missed when their row is gone', async () => {
    expect(await audit([told('b', 'content'), told('a', 'content')], [])).toEqual({
      ...{ needed: 2, problems: 2 },
      first: { kind: 'missing', subject: 'a', personalClass: 'content' },
    });
  });

  it('are missed class by class', async () => {
    const report = await audit([told('a', 'content', 'evidence')], [key('a', 'content')]);
    expect(report.first).toEqual({ kind: 'missing', subject: 'a', personalClass: 'evidence' });
  });

  it('may be destroyed when the log says so', async () => {
    const events = [told('a', 'content'), erased('a', 'content')];
    expect(await audit(events, [key('a', 'content', true)])).toMatchObject({ needed: 1, problems: 0 });
  });

  it('are not destroyed in silence', async () => {
    const events = [told('a', 'content', 'identity'), erased('a', 'identity')];
    const report = await audit(events, [key('a', 'content', true), key('a', 'identity', true)]);
    expect(report).toMatchObject({ problems: 1, first: { kind: 'destroyed', subject: 'a', personalClass: 'content' } });
  });

  it('may have gone by an erasure that was recorded only after the log was read', async () => {
    const later = [erased('a', 'content')];
    expect(await audit([told('a', 'content')], [key('a', 'content', true)], later)).toMatchObject({ problems: 0 });
    expect(await audit([told('a', 'content')], [], later)).toMatchObject({ problems: 0 });
  });

  it('are not asked for the secrets that were handed over, nor for sessions without a word', async () => {
    const keys = [key('b', 'content', true)];
    expect(await audit([told('a', 'handover')], keys)).toEqual({ needed: 0, problems: 0, first: undefined });
  });

  it('are found in the events of a case, which are sealed for its session', async () => {
    const note = { ...told('a', 'content'), stream: 'complaint-1' };
    expect(await audit([note], [])).toMatchObject({ problems: 1, first: { subject: 'a' } });
  });

  it('are read from what cannot be read otherwise', async () => {
    const broken = { ...told('a', 'content'), payload: '{"text":"sealed:v1:content:a:AA' } as RecordedEvent;
    const strange = { ...erased('a'), payload: 'not JSON' } as RecordedEvent;
    expect(await audit([broken, strange], [key('a', 'content', true)])).toMatchObject({ problems: 1 });
  });
});
