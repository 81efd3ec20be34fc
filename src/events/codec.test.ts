import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventDefinitions, type AnyRecorded, type DomainEvent } from './catalogue/index.js';
import { createCodec } from './codec.js';
import { defineEvent, type EventDefinition } from './define-event.js';
import type { EventToAppend } from './event-log.js';
import { createMemoryKeyStore } from './memory-key-store.js';
import { personal } from './personal.js';
import type { NewEvent, RecordedEvent } from './store.js';

const eventId = '018f3c1e-5b7a-7c3d-9e2f-0123456789ab';
const toAppend = (event: DomainEvent, over: Partial<EventToAppend> = {}): EventToAppend => ({
  event,
  id: eventId,
  occurredAt: '2026-01-02T03:04:05.678Z',
  actor: { kind: 'citizen' },
  correlationId: 'c1',
  subject: 'subject-1',
  ...over,
});
const said = (text: string): DomainEvent => ({ type: 'UserMessageReceived', data: { text, evidenceIds: [] } });
const recorded = (event: NewEvent, over: Partial<RecordedEvent> = {}): RecordedEvent => ({
  ...event,
  stream: 'session-subject-1',
  revision: 3,
  position: 17n,
  recordedAt: '2026-01-02T03:04:06.000Z',
  previousHash: '0'.repeat(64),
  hash: 'f'.repeat(64),
  ...over,
});
const setup = (definitions: readonly EventDefinition[] = eventDefinitions) => {
  const keys = createMemoryKeyStore();
  const codec = createCodec({ definitions, keys });
  const stored = async (event: DomainEvent, over: Partial<EventToAppend> = {}): Promise<RecordedEvent> =>
    recorded((await codec.encode([toAppend(event, over)]))[0]!);
  return { keys, codec, stored };
};
const textOf = (event: AnyRecorded): unknown => (event.data as { text?: unknown }).text;

describe('encode', () => {
  it('seals what is personal and leaves the rest readable', async () => {
    const { codec } = setup();
    const [event] = await codec.encode([toAppend({ ...said('They asked me for money') })]);
    expect(event).toMatchObject({ type: 'UserMessageReceived', schemaVersion: 2, id: eventId, correlationId: 'c1' });
    expect(event!.payload).not.toContain('money');
    expect(JSON.parse(event!.payload)).toEqual({
      text: expect.stringMatching(/^sealed:v1:content:subject-1:/) as unknown,
      evidenceIds: [],
    });
  });

  it('names event type and path when data is not of the schema, never the value', async () => {
    const { codec } = setup();
    const bad = {
      type: 'UserMessageReceived',
      data: { text: 'secret words', evidenceIds: ['not-a-uuid'] },
    } as DomainEvent;
    await expect(codec.encode([toAppend(bad)])).rejects.toMatchObject({
      code: 'event_invalid',
      message: 'UserMessageReceived cannot be recorded: evidenceIds.0 (invalid_format)',
    });
  });

  it('drops fields that the schema does not name: they could not be sealed', async () => {
    const { codec } = setup();
    const more = { type: 'FilingStarted', data: { phone: '076 123456' } } as unknown as DomainEvent;
    expect((await codec.encode([toAppend(more)]))[0]!.payload).toBe('{}');
  });

  it('refuses an event type outside the catalogue', async () => {
    const { codec } = setup([]);
    await expect(codec.encode([toAppend(said('x'))])).rejects.toMatchObject({ code: 'event_invalid' });
  });

  it('refuses a subject whose key was destroyed', async () => {
    const { codec, keys } = setup();
    await keys.destroy('subject-1', ['content']);
    await expect(codec.encode([toAppend(said('x'))])).rejects.toMatchObject({ code: 'subject_erased' });
  });
});

describe('decode', () => {
  it('leaves personal fields sealed and gives the envelope', async () => {
    const { codec, stored } = setup();
    const event = codec.decode(await stored(said('hello')));
    expect(textOf(event)).toMatch(/^sealed:v1:/);
    expect(event.meta).toMatchObject({ id: eventId, stream: 'session-subject-1', revision: 3, position: 17n });
    expect(event.meta).not.toHaveProperty('payload');
  });

  it.each([
    ['an unknown type', { type: 'FromTheFuture' }],
    ['a newer version of a known type', { schemaVersion: 99 }],
  ])('gives Unknown for %s', async (_, over) => {
    const { codec, stored } = setup();
    const event = codec.decode({ ...(await stored(said('x'))), ...over });
    expect(event).toMatchObject({ type: 'Unknown', data: over });
  });

  it.each([
    ['text that is not JSON', 'secret{'],
    ['JSON that is not an object', '["secret"]'],
    ['data that is not of the schema', '{"text":7,"evidenceIds":["secret"]}'],
    ['a personal field that is not sealed', '{"text":"secret","evidenceIds":[]}'],
  ])('fails with event_corrupt, which names the place and not the data, for %s', async (_, payload) => {
    const { codec, stored } = setup();
    const event = { ...(await stored(said('x'))), payload };
    expect(() => codec.decode(event)).toThrow(
      expect.objectContaining({ code: 'event_corrupt', stream: 'session-subject-1', revision: 3 }),
    );
    expect(() => codec.decode(event)).not.toThrow('secret');
  });
});

describe('open', () => {
  it('gives back what was said, and leaves the sealed event as it was', async () => {
    const { codec, stored } = setup();
    const sealed = codec.decode(await stored(said('hello')));
    expect(textOf(await codec.open(sealed))).toBe('hello');
    expect(textOf(sealed)).toMatch(/^sealed:v1:/);
  });

  it('opens exactly once, also what looks sealed itself', async () => {
    const { codec, stored } = setup();
    const trick = 'sealed:v1:content:subject-1:AAAA';
    const event = await codec.open(codec.decode(await stored(said(trick))));
    expect(textOf(event)).toBe(trick);
    expect(textOf(await codec.open(event))).toBe(trick);
  });

  it('reads as erased once the key is destroyed, and other classes stay readable', async () => {
    const { codec, keys, stored } = setup();
    const identity = {
      mode: 'named',
      standing: 'complainant',
      name: 'Aminata',
      shareNameWithInstitution: false,
    } as const;
    const message = codec.decode(await stored(said('hello')));
    const name = codec.decode(await stored({ type: 'IdentityProvided', data: identity }));
    await keys.destroy('subject-1', ['identity']);
    expect(textOf(await codec.open(message))).toBe('hello');
    expect((await codec.open(name)).data).toEqual({ ...identity, name: '[erased]' });
  });

  it('fails with event_corrupt when a sealed text was exchanged for that of somebody else', async () => {
    const { codec, keys, stored } = setup();
    const mine = await stored(said('mine'));
    await keys.keyForSealing('subject-2', 'content');
    const moved = { ...mine, payload: mine.payload.replace(':subject-1:', ':subject-2:') };
    await expect(codec.open(codec.decode(moved))).rejects.toMatchObject({ code: 'event_corrupt', revision: 3 });
  });

  it('leaves an unknown event alone', async () => {
    const { codec, stored } = setup();
    const unknown = codec.decode({ ...(await stored(said('x'))), type: 'Later' });
    expect(await codec.open(unknown)).toBe(unknown);
  });
});

describe('secrets for handing over', () => {
  const reply = (onceText: string): DomainEvent => ({
    type: 'AgentReplied',
    data: {
      answers: eventId,
      text: 'Filed',
      onceText,
      quickReplies: [],
      agent: { name: 'guided', version: '1', latencyMs: 1 },
    },
  });

  it('have a key for each event, so that forgetting one leaves a later one', async () => {
    const { codec, keys, stored } = setup();
    const second = '018f3c1e-5b7a-7c3d-9e2f-0123456789ac';
    const first = codec.decode(await stored(reply('KEY ONE')));
    await keys.destroy(`subject-1.${eventId}`, ['handover']);
    const later = codec.decode(await stored(reply('KEY TWO'), { id: second }));
    expect((await codec.open(first)).data).toMatchObject({ text: 'Filed', onceText: '[erased]' });
    expect((await codec.open(later)).data).toMatchObject({ text: 'Filed', onceText: 'KEY TWO' });
  });

  it('are all forgotten with their subject', async () => {
    const { codec, keys, stored } = setup();
    const event = codec.decode(await stored(reply('KEY ONE')));
    expect(await keys.destroy('subject-1', ['handover'])).toBe(1);
    expect((await codec.open(event)).data).toMatchObject({ onceText: '[erased]' });
    await expect(stored(reply('KEY TWO'))).rejects.toMatchObject({ code: 'subject_erased' });
  });
});

describe('openText', () => {
  it('opens a single sealed string and reads as erased once its key is gone', async () => {
    const { codec, keys, stored } = setup();
    const sealed = textOf(codec.decode(await stored(said('hello')))) as string;
    expect(await codec.openText(sealed)).toBe('hello');
    await keys.destroy('subject-1', ['content']);
    expect(await codec.openText(sealed)).toBe('[erased]');
  });

  it('throws for a string that is not sealed', async () => {
    await expect(setup().codec.openText('hello')).rejects.toMatchObject({ code: 'not_sealed' });
  });
});

describe('upcasting', () => {
  // Version 1 held the text in `words`; version 2 called it `text`; version 3 added the language.
  const Spoken = defineEvent(
    'Spoken',
    'For this test.',
    z.object({ text: personal('content'), language: z.string() }),
    {
      version: 3,
      upcasts: {
        1: ({ words, ...rest }) => ({ ...rest, text: words }),
        2: (data) => ({ ...data, language: 'en' }),
      },
    },
  );
  const spoken = (schemaVersion: number, data: unknown): RecordedEvent =>
    recorded({
      id: eventId,
      type: 'Spoken',
      schemaVersion,
      payload: JSON.stringify(data),
      occurredAt: '2026-01-02T03:04:05.678Z',
      actor: { kind: 'citizen' },
    });

  it.each([
    [1, 'words', {}],
    [2, 'text', {}],
    [3, 'text', { language: 'en' }],
  ])('brings version %i step by step to the current one, with what is sealed', async (version, field, more) => {
    const { codec } = setup([Spoken]);
    const [now] = await codec.encode([
      toAppend({ type: 'Spoken', data: { text: 'hello', language: 'en' } } as unknown as DomainEvent),
    ]);
    const { text } = JSON.parse(now!.payload) as { text: string };
    const event = await codec.open(codec.decode(spoken(version, { [field]: text, ...more })));
    expect(event).toMatchObject({ type: 'Spoken', data: { text: 'hello', language: 'en' } });
  });

  it.each([
    ['an upcaster that throws', { 1: () => JSON.parse('secret') as never, 2: (data: object) => ({ ...data }) }],
    ['a result that is not of the schema', { 1: () => ({}), 2: () => ({ text: 7 }) }],
  ])('fails with event_corrupt for %s', (_, upcasts) => {
    const { codec } = setup([defineEvent('Spoken', '', Spoken.schema, { version: 3, upcasts })]);
    expect(() => codec.decode(spoken(1, { words: 'x' }))).toThrow(expect.objectContaining({ code: 'event_corrupt' }));
  });

  it('fails with event_corrupt for a version that never was', () => {
    const { codec } = setup([Spoken]);
    expect(() => codec.decode(spoken(0, { words: 'x' }))).toThrow(expect.objectContaining({ code: 'event_corrupt' }));
  });
});

describe('a catalogue that cannot work is refused at once', () => {
  const empty = z.object({});
  it.each([
    ['a type defined twice', [defineEvent('A', '', empty), defineEvent('A', '', empty)], 'twice'],
    ['a missing upcaster', [defineEvent('A', '', empty, { version: 2 })], 'no upcaster from version 1'],
  ])('%s', (_, definitions, message) => {
    expect(() => setup(definitions)).toThrow(message);
  });
});
