import { describe, expect, it } from 'vitest';
import { shortHash } from '../platform/short-hash.js';
import { shownRow, shownText } from './compare.js';

const sealedText = (ciphertext: string): string => `sealed:v1:content:a-session:${ciphertext}`;

describe('a value that is shown to people', () => {
  it('is a short hash where it is sealed, also inside of other values', () => {
    expect(shownText(sealedText('abc'))).toMatch(/^sealed:[0-9a-f]{8}$/);
    expect(shownText(`{"name": "${sealedText('abc')}", "size": 3}`)).toMatch(
      /^\{"name": "sealed:[0-9a-f]{8}", "size": 3\}$/,
    );
  });

  it('is a short hash when it is long', () => {
    expect(shownText('x'.repeat(500))).toMatch(/^hash:[0-9a-f]{8}$/);
  });

  it('looks the same when it is the same, and else not', () => {
    expect(shownText(sealedText('abc'))).toBe(shownText(sealedText('abc')));
    expect(shownText(sealedText('abc'))).not.toBe(shownText(sealedText('abd')));
  });

  it('never gives the id of a session away, but the reference that lists show', () => {
    expect(shownRow({ session_id: 'abc', count: '3' }, ['session_id', 'count'])).toEqual({
      session_id: `session:${shortHash('abc')}`,
      count: '3',
    });
  });

  it('is shown as it is otherwise, and null as null', () => {
    expect(shownText('received')).toBe('received');
    expect(shownText(null)).toBeNull();
  });
});
