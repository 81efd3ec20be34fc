import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventDefinitions } from './catalogue/index.js';
import { personal } from './personal.js';
import { mapPersonal, personalPathsOf, personalShapeOf, personalTextsOf, storedSchemaOf } from './personal-fields.js';

const person = z.object({ name: personal('identity'), age: z.number(), nick: personal('identity').nullable() });
const schema = z.object({
  text: personal('content', z.string().max(3)),
  note: personal('content').optional(),
  details: z.object({ where: personal('content').optional(), code: z.string() }).optional(),
  people: z.array(person),
  words: z.array(personal('evidence')).optional(),
});
const shape = personalShapeOf(schema)!;

describe('personal fields of a schema', () => {
  it('are found in objects, arrays, and behind optional and nullable', () => {
    expect(personalPathsOf(shape)).toEqual([
      { path: 'text', personalClass: 'content' },
      { path: 'note', personalClass: 'content' },
      { path: 'details.where', personalClass: 'content' },
      { path: 'people[].name', personalClass: 'identity' },
      { path: 'people[].nick', personalClass: 'identity' },
      { path: 'words[]', personalClass: 'evidence' },
    ]);
  });

  it('are undefined for a schema without any', () => {
    expect(personalShapeOf(z.object({ a: z.string(), b: z.union([z.string(), z.number()]) }))).toBeUndefined();
  });

  it.each([
    ['a union', z.object({ a: z.union([z.number(), personal('content')]) })],
    ['a record', z.object({ a: z.record(z.string(), personal('content')) })],
    ['a tuple', z.object({ a: z.tuple([z.object({ b: personal('content') })]) })],
    ['a pipe', z.object({ a: personal('content').transform((text) => text.length) })],
  ])('inside %s are refused, since they would go out in the clear', (_, hidden) => {
    expect(() => personalShapeOf(hidden)).toThrow('cannot be sealed');
  });

  it('of the whole catalogue can be sealed', () => {
    expect(eventDefinitions.filter(({ schema: of }) => personalShapeOf(of) !== undefined).length).toBeGreaterThan(5);
  });
});

describe('mapping the personal strings', () => {
  const data = {
    text: 'a',
    details: { code: 'c' },
    people: [{ name: 'b', age: 1, nick: null }],
    words: ['d', 'e'],
  };

  it('changes each of them, leaves the rest and what is absent, and does not touch the original', () => {
    const before = structuredClone(data);
    expect(mapPersonal(data, shape, (text, personalClass) => `${personalClass}:${text}`)).toEqual({
      text: 'content:a',
      details: { code: 'c' },
      people: [{ name: 'identity:b', age: 1, nick: null }],
      words: ['evidence:d', 'evidence:e'],
    });
    expect(data).toEqual(before);
  });

  it('lists them with their classes', () => {
    expect(personalTextsOf(data, shape).map(({ text }) => text)).toEqual(['a', 'b', 'd', 'e']);
  });
});

it('the stored schema wants the sealed form in place of the open one, and the rest as it was', () => {
  const stored = storedSchemaOf(schema, z.string().startsWith('sealed:'));
  const sealed = { text: 'sealed:abcdef', people: [{ name: 'sealed:x', age: 1, nick: null }] };
  expect(stored.safeParse(sealed).success).toBe(true);
  expect(stored.safeParse({ ...sealed, text: 'a' }).success).toBe(false);
  expect(stored.safeParse({ ...sealed, people: [{ name: 'sealed:x', age: '1', nick: null }] }).success).toBe(false);
});
