import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initialSession } from '../../commands/session/initial.js';
import { createMask } from './mask.js';

const statements = readFileSync(new URL('../../../samples/civic-statements.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => (JSON.parse(row) as { text: string }).text);

/** What the model reads of a text, after what the citizen wrote before. */
const read = (text: string, ...before: readonly string[]): string =>
  createMask(initialSession, { sharesIdentity: false, said: [...before, text], current: text })(text);

const capitals = (text: string): string => text.toUpperCase();
const small = (text: string): string => text.toLowerCase();
const mixed = (name: string): string => name.replace(/^\S+/u, capitals).replace(/(?<=\s).*/u, small);
const asWritten = (text: string): string => text;

describe('a street address', () => {
  it.each([
    ['I live at 12 Wilkinson Road with my mother.', 'I live at [address] with my mother.'],
    ['my address is no. 5b siaka stevens street, Freetown', 'my address is [address], Freetown'],
    ['Mi os na 14 Kissy Road', 'Mi os na [address]'],
    ['It happened at 12 Wilkinson Road.', 'It happened at [house number] Wilkinson Road.'],
    ['The office at 7-9 Gloucester St is closed.', 'The office at [house number] Gloucester St is closed.'],
  ])('is hidden as far as it tells a door: %s', (text, left) => expect(read(text)).toBe(left));

  it.each([
    'They blocked 5 cars on the road.',
    'It was in 2024 Wilkinson Road was flooded.',
    'It is 3 hours drive to Kabala.',
    'On 12 March Kissy Road was closed.',
    'At 5 pm Kissy Road was closed.',
    'There were 50 police officers in the street.',
    'Wilkinson Road 2 times.',
  ])('is none: %s', (text) => expect(read(text)).toBe(text));

  it('goes out when identity is shared', () => {
    const text = 'I live at 12 Wilkinson Road.';
    expect(createMask(initialSession, { sharesIdentity: true, said: [text], current: text })(text)).toBe(text);
  });
});

describe('a name that is introduced', () => {
  const names = ['John Kamara Conteh', 'Fatmata Bangura', 'Theresa Vamboi', 'Ngozi Okafor', 'Hawa', 'Mary-Ann O’Neil'];
  const forms = [asWritten, capitals, small, mixed];
  const plainly = [
    (name: string) => `My name is ${name}. The clerk took my money.`,
    (name: string) => `my name is ${name} and I live in Bo`,
    (name: string) => `The clerk took my money, my name is ${name}`,
    (name: string) => `Name: ${name}, from Makeni`,
    (name: string) => `mi nem na ${name}, a kɔmɔt Bo`,
    (name: string) => `Mi name na ${name}`,
  ];
  const cases = names.flatMap((name) => forms.flatMap((form) => plainly.map((say) => [form(name), say(form(name))])));

  it('is hidden in every letter case, whole and in parts', () => {
    const leaks = cases.filter(([name = '', text = '']) => {
      const told = small(`${read(text)} ${read(`Ask ${name.split(' ').at(-1) ?? ''} about it.`, text)}`);
      return name.split(' ').some((part) => told.includes(small(part)));
    });
    expect(leaks).toEqual([]);
  });

  it('is hidden in a text all in capitals', () => {
    const text = 'MY NAME IS JOHN KAMARA AND THE CLERK TOOK MY MONEY';
    expect(read(text)).toBe('MY NAME IS [name] AND THE CLERK TOOK MY MONEY');
  });

  it.each(['i am john kamara', 'I AM JOHN KAMARA', 'na mi fatu sesay', 'this is Musa', 'call me Isatu please'])(
    'is known by being a usual one: %s',
    (text) => {
      expect(read(text)).toContain('[name]');
      expect(read(text)).not.toMatch(/john|kamara|fatu|sesay|musa|isatu/iu);
    },
  );

  it('is hidden when it was a message by itself, though nobody knows any more what was asked', () => {
    expect(read('Was Kamara there?', 'fatmata kamara')).toBe('Was [name] there?');
  });

  it('takes no ordinary word with it', () => {
    expect(read('I hope they pay. Ask Hope.', 'my name is Hope Sesay')).toBe('I hope they pay. Ask [name].');
    expect(read('my name is Musa and I work in the market')).toBe('my name is [name] and I work in the market');
    expect(read('You can call the office', 'You can call me Fatu')).toBe('You can call the office');
  });
});

describe('a contact', () => {
  it('is hidden whole when the name in it is known', () => {
    const mask = (text: string) => read(text, 'my name is Mariama Kamara');
    expect(mask('Write to mariama@kamara-law.sl or Kamara.M@example.com.')).toBe('Write to [email] or [email].');
  });

  it.each(['076 12 34 56', '0 7 6 1 2 3 4 5 6', '088/123456', '076.123.456', '+232 (76) 123 456', '232-76-123456'])(
    'is hidden however a telephone number is spaced: %s',
    (number) => {
      expect(read(`whatsapp ${number}, please`)).toBe('whatsapp [phone], please');
    },
  );

  it.each(['03/12/2025 14:30', '05-03-2026 10', 'Le 500,000', '2025-01-02 08:30', '01.02.2026 at 9'])(
    'is not seen in a date or a sum: %s',
    (text) => {
      expect(read(`It was ${text}.`)).toBe(`It was ${text}.`);
    },
  );
});

describe('a text in which nobody introduces themselves', () => {
  it('is left as it is: 607 statements of citizens', () => {
    const changed = statements.filter((text) => read(text) !== text);
    expect(statements).toHaveLength(607);
    expect(changed).toEqual([]);
  });

  it('is left as it is in capitals and in small letters too', () => {
    const all = statements.flatMap((text) => [capitals(text), small(text)]);
    expect(all.filter((text) => read(text) !== text)).toEqual([]);
  });
});
