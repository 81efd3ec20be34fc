import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSealed, parseSealed, sealText } from './seal.js';

const key = Buffer.alloc(32, 7);
const open = (sealed: string, with_ = key): string => openSealed(with_, parseSealed(sealed)!);

describe('a sealed text', () => {
  it('opens to what was sealed, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(open(sealText(key, 'abc_-9', 'content', text))).toBe(text);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('may itself look like a sealed text and is opened once only', () => {
    const inner = sealText(key, 's', 'content', 'secret');
    expect(open(sealText(key, 's', 'content', inner))).toBe(inner);
  });

  it('has the documented form and never the same bytes twice', () => {
    const first = sealText(key, 's1', 'identity', 'Aminata');
    expect(first).toMatch(/^sealed:v1:identity:s1:[\w-]+$/);
    expect(first).not.toBe(sealText(key, 's1', 'identity', 'Aminata'));
  });

  it.each([
    ['another key', (sealed: string) => open(sealed, Buffer.alloc(32, 8))],
    ['another subject', (sealed: string) => open(sealed.replace(':s1:', ':s2:'))],
    ['another class', (sealed: string) => open(sealed.replace(':content:', ':identity:'))],
    ['a cut end', (sealed: string) => open(sealed.slice(0, -2))],
    ['no body', () => open('sealed:v1:content:s1:')],
    [
      'a changed byte',
      (sealed: string) => {
        const at = sealed.length - 5;
        return open(sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1));
      },
    ],
  ])('does not open with %s', (_, tamper) => {
    expect(() => tamper(sealText(key, 's1', 'content', 'text'))).toThrow(
      expect.objectContaining({ code: 'sealed_text_corrupt' }),
    );
  });

  it('is refused for a subject that would break the form', () => {
    expect(() => sealText(key, 'a:b', 'content', 'x')).toThrow('A subject has');
  });
});

it.each([
  '',
  'hello',
  'sealed:v1:',
  'sealed:v1:content',
  'sealed:v1:content:s',
  'sealed:v1:nothing:s:abc',
  'sealed:v2:content:s:x',
])('a text that does not have the form is not taken for a sealed one: %j', (text) => {
  expect(parseSealed(text)).toBeUndefined();
});
