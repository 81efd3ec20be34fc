import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseSubject, finishErasures, type EraseSubject } from '../../src/commands/erasure/erase-subject.js';
import { sessionStream, type AnyRecorded } from '../../src/events/catalogue/index.js';
import { personalClasses } from '../../src/events/personal.js';
import { verifyLog } from '../../src/events/verify.js';
import { fixedClock } from '../../src/platform/clock.js';
import { newSessionId } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';
import { append, KEY_TTL_MS, logDatabase, openLog, said, type ProcessLog } from './support/postgres-log.js';

let database: TestDatabase;
/** Two processes on one database; `clock` is what their caches of keys go by. */
let here: ProcessLog;
let there: ProcessLog;
const clock = { ms: 0 };

beforeAll(async () => {
  database = await logDatabase();
  here = await openLog(database, () => clock.ms);
  there = await openLog(database, () => clock.ms);
});
afterAll(async () => {
  await Promise.all([here.store.close(), there.store.close()]);
  await database.drop();
});

const identity = { mode: 'named', standing: 'complainant', shareNameWithInstitution: false } as const;
/** A session of three events, all with something personal in them. */
const newSession = async (): Promise<string> => {
  const subject = newSessionId();
  await append(here.log, subject, said('They asked me for money'));
  await append(here.log, subject, { type: 'IdentityProvided', data: { ...identity, name: 'Aminata' } });
  await append(here.log, subject, said('At the clinic'));
  return subject;
};
const forgetFiles = (): Promise<number> => Promise.resolve(0);
const erase = (subject: string, over: Partial<EraseSubject> = {}, { log, keys } = here) =>
  eraseSubject(
    { log, keys, forgetFiles, clock: fixedClock('2026-01-01T00:00:00.000Z') },
    { subject, classes: personalClasses, reason: 'citizen_request', actor: { kind: 'system' }, ...over },
  );
const eventsOf = async ({ log }: ProcessLog, subject: string): Promise<AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for await (const event of log.readStream(sessionStream(subject))) events.push(event);
  return events;
};
const personalOf = (events: readonly AnyRecorded[]): unknown[] =>
  events.flatMap(({ data }) => ('text' in data ? [data.text] : 'name' in data ? [data.name] : []));
const erased = ['[erased]', '[erased]', '[erased]'];

describe('an erased subject', () => {
  it('reads as erased in every field, and its events are still there', async () => {
    const subject = await newSession();
    expect(personalOf(await eventsOf(here, subject))).toEqual(['They asked me for money', 'Aminata', 'At the clinic']);
    expect(await erase(subject)).toEqual({ ok: true, keysDestroyed: 2, filesRemoved: 0, alreadyRecorded: false });
    const events = await eventsOf(here, subject);
    expect(personalOf(events)).toEqual(erased);
    expect(events.at(-1)).toMatchObject({
      type: 'PersonalDataErased',
      data: { classes: [...personalClasses], reason: 'citizen_request' },
    });
  });

  it('reads as erased in other processes when the time to live of their caches has passed', async () => {
    const subject = await newSession();
    expect(personalOf(await eventsOf(there, subject))).not.toContain('[erased]');
    await erase(subject);
    clock.ms += KEY_TTL_MS;
    expect(personalOf(await eventsOf(there, subject))).toEqual(erased);
  });

  it('reads as erased in what read models keep, and in events that were read before', async () => {
    const subject = await newSession();
    const kept: AnyRecorded[] = [];
    for await (const event of here.log.readAll()) if (event.meta.stream === sessionStream(subject)) kept.push(event);
    await erase(subject);
    const opened = await Promise.all(kept.map((event) => here.log.open(event)));
    expect(personalOf(opened)).toEqual(erased);
    const texts = await Promise.all(personalOf(kept).map((sealed) => here.codec.openText(sealed as string)));
    expect(texts).toEqual(erased);
  });

  it('takes nothing new, in any process, and says so by a code', async () => {
    const subject = await newSession();
    await erase(subject);
    clock.ms += KEY_TTL_MS;
    for (const { log } of [here, there]) {
      await expect(append(log, subject, said('more'))).rejects.toMatchObject({ code: 'subject_erased' });
    }
  });

  it('leaves others, and other classes, as they were', async () => {
    const [subject, other] = [await newSession(), await newSession()];
    await erase(subject, { classes: ['identity'] });
    expect(personalOf(await eventsOf(here, subject))).toEqual(['They asked me for money', '[erased]', 'At the clinic']);
    expect(personalOf(await eventsOf(here, other))).toContain('Aminata');
  });

  it('leaves a log that verifies', async () => {
    const { head } = await verifyLog(here.store);
    await erase(await newSession());
    expect(await verifyLog(here.store, { expectHead: head })).toMatchObject({ ok: true });
  });
});

describe('erasing', () => {
  it('an unknown session is refused and leaves nothing', async () => {
    const subject = newSessionId();
    expect(await erase(subject)).toMatchObject({ ok: false, refusal: { code: 'session_unknown' } });
    await append(here.log, subject, said('hello'));
    expect(personalOf(await eventsOf(here, subject))).toEqual(['hello']);
  });

  it('twice records it once', async () => {
    const subject = await newSession();
    await erase(subject);
    expect(await erase(subject)).toEqual({ ok: true, keysDestroyed: 0, filesRemoved: 0, alreadyRecorded: true });
    expect((await eventsOf(here, subject)).filter(({ type }) => type === 'PersonalDataErased')).toHaveLength(1);
  });

  it('one class after the other records both', async () => {
    const subject = await newSession();
    await erase(subject, { classes: ['identity'] });
    await erase(subject, { classes: ['content'] });
    expect(personalOf(await eventsOf(here, subject))).toEqual(erased);
    expect((await eventsOf(here, subject)).filter(({ type }) => type === 'PersonalDataErased')).toHaveLength(2);
  });

  it('that stopped between record and keys is finished by doing it again', async () => {
    const subject = await newSession();
    const dies = { ...here.keys, destroy: () => Promise.reject(new Error('killed')) };
    await expect(erase(subject, {}, { ...here, keys: dies })).rejects.toThrow('killed');
    expect(personalOf(await eventsOf(here, subject))).toContain('Aminata');
    expect(await erase(subject)).toEqual({ ok: true, keysDestroyed: 2, filesRemoved: 0, alreadyRecorded: true });
    expect(personalOf(await eventsOf(here, subject))).toEqual(erased);
  });

  it('that stopped there is also finished by finishErasures, which may be repeated', async () => {
    const subject = await newSession();
    const dies = { ...here.keys, destroy: () => Promise.reject(new Error('killed')) };
    await expect(erase(subject, {}, { ...here, keys: dies })).rejects.toThrow('killed');
    const found = { keysDestroyed: 2, filesRemoved: 0 };
    expect(await finishErasures({ ...here, forgetFiles })).toEqual(found);
    expect(personalOf(await eventsOf(here, subject))).toEqual(erased);
    expect(await finishErasures({ ...here, forgetFiles })).toEqual({ ...found, keysDestroyed: 0 });
  });

  it('works for a session whose stream has an event that cannot be read', async () => {
    const subject = await newSession();
    const damaged = {
      id: '018f3c1e-5b7a-7c3d-9e2f-0123456789ab',
      type: 'UserMessageReceived',
      schemaVersion: 1,
      payload: '{"text":"not sealed"}',
      occurredAt: '2026-01-02T03:04:05.678Z',
      actor: { kind: 'citizen' },
    } as const;
    await here.store.append(sessionStream(subject), [damaged], { expected: 'any' });
    await expect(eventsOf(here, subject)).rejects.toMatchObject({ code: 'event_corrupt', revision: 3 });
    expect(await erase(subject)).toMatchObject({ ok: true, keysDestroyed: 2 });
  });
});
