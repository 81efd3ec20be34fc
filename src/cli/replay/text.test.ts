import { describe, expect, it } from 'vitest';
import { columnsOf, cut, fit, onOneLine, printable, safeJson, wrap } from './text.js';

describe('text of strangers on a terminal', () => {
  it('cannot move the cursor, colour, ring or turn the direction', () => {
    expect(printable('a\u001b[2Jb\u0007c\u009bd\u202ee\r')).toBe('a·[2Jb·c·de·');
  });
  it('keeps its lines, and loses them where there is one line only', () => {
    expect([printable('a\r\nb'), onOneLine('a\n  b')]).toEqual(['a\nb', 'a b']);
  });
  it('is ASCII in JSON, whatever it was', () => {
    const json = safeJson({ text: '\u001b[2J\u009b\u202e é 😀', position: 12n });
    expect(json).toMatch(/^[\u0020-\u007e]*$/);
    expect(JSON.parse(json)).toEqual({ text: '\u001b[2J\u009b\u202e é 😀', position: '12' });
  });
});

describe('columns', () => {
  it('count wide and combined characters as terminals do', () => {
    expect([columnsOf('abc'), columnsOf('😀'), columnsOf('é'), columnsOf('漢字')]).toEqual([3, 2, 1, 4]);
  });
  it('are never more than there is room for', () => {
    expect([cut('😀😀😀', 4), cut('abcdef', 4), fit('ab', 4), cut('ab', 0)]).toEqual(['😀…', 'abc…', 'ab  ', '']);
  });
  it('break lines at spaces, and within a word that is too long', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
  });
});
