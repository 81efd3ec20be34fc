import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkSymbolOf,
  drawTrackingNumber,
  findTrackingNumberIn,
  looksLikeTrackingNumber,
  lookupKey,
  parseTrackingNumber,
} from './tracking-number.js';

const alphabet = Array.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
const symbolsOf = (number: string): string => number.slice('OMB-'.length).replaceAll('-', '');

/** A valid number out of chosen bytes; later bytes are used when a draw is thrown away. */
const number = fc.uint8Array({ minLength: 11, maxLength: 11 }).map((bytes) => {
  let draws = 0;
  return drawTrackingNumber(() => Buffer.from(bytes.map((byte, at) => byte + (at === 0 ? draws++ : 0))));
});
const fixed = { seed: 20_261_123 };

describe('a tracking number', () => {
  it('has the form OMB-XXXX-XXXX-XXXC', () => {
    fc.assert(
      fc.property(number, (drawn) => {
        expect(drawn).toMatch(/^OMB(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
        expect(parseTrackingNumber(drawn)).toBe(drawn);
      }),
      fixed,
    );
  });

  it('has the value of its symbols modulo 37 as its check symbol', () => {
    // 0000000000A is 10; 00000000001 shifted once is 32, which has no symbol: such a draw is thrown away.
    expect(checkSymbolOf('0000000000A')).toBe('A');
    expect(checkSymbolOf('00000000010')).toBeUndefined();
    // 32^2 = 1024 = 27 * 37 + 25
    expect(checkSymbolOf('00000000100')).toBe(alphabet[25]);
  });

  it('detects every error in a single symbol', () => {
    fc.assert(
      fc.property(number, (drawn) => {
        const symbols = symbolsOf(drawn);
        for (let at = 0; at < symbols.length; at++)
          for (const other of alphabet)
            if (other !== symbols[at])
              expect(parseTrackingNumber(symbols.slice(0, at) + other + symbols.slice(at + 1))).toBeUndefined();
      }),
      fixed,
    );
  });

  it('detects every swap of two neighbours', () => {
    fc.assert(
      fc.property(number, (drawn) => {
        const symbols = symbolsOf(drawn);
        for (let at = 0; at + 1 < symbols.length; at++) {
          const [a = '', b = ''] = [symbols[at], symbols[at + 1]];
          if (a !== b)
            expect(parseTrackingNumber(symbols.slice(0, at) + b + a + symbols.slice(at + 2))).toBeUndefined();
        }
      }),
      fixed,
    );
  });

  it('is read as people write it', () => {
    fc.assert(
      fc.property(number, fc.constantFrom('', ' ', '-', '–', ' - '), fc.boolean(), (drawn, between, withPrefix) => {
        const groups = [...(withPrefix ? ['omb'] : []), ...(symbolsOf(drawn).match(/.{4}/g) ?? [])];
        const written = groups.join(between).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
        expect(parseTrackingNumber(written)).toBe(drawn);
        expect(parseTrackingNumber(`  ${written.toUpperCase().replaceAll('L', 'i')}\n`)).toBe(drawn);
      }),
      fixed,
    );
  });

  it.each(['', 'OMB', 'OMB-2024-12345', 'OMB-0000-0000-000U', 'OMB-0000-0000-0000-0', 'x'.repeat(10_000)])(
    'is not: %s',
    (text) => expect(parseTrackingNumber(text)).toBeUndefined(),
  );

  it('is drawn again when it would have no check symbol or hold a bad word', () => {
    const bytesOf = (symbols: string) => Buffer.from(Array.from(symbols, (symbol) => alphabet.indexOf(symbol)));
    const draws = ['00000000010', '0FVCK000001', '00000SH1T00', '0000000000A'];
    expect(drawTrackingNumber(() => bytesOf(draws.shift() ?? ''))).toBe('OMB-0000-0000-00AA');
    expect(draws).toEqual([]);
  });

  it('differs from draw to draw', () => {
    expect(new Set(Array.from({ length: 2_000 }, () => drawTrackingNumber())).size).toBe(2_000);
  });
});

describe('the lookup key', () => {
  it('is an HMAC-SHA256 of the number under the pepper', () => {
    expect(lookupKey('pepper', 'OMB-0000-0000-00AA')).toMatch(/^[0-9a-f]{64}$/);
    expect(lookupKey('pepper', 'OMB-0000-0000-00AA')).toBe(lookupKey(Buffer.from('pepper'), 'OMB-0000-0000-00AA'));
    expect(lookupKey('other', 'OMB-0000-0000-00AA')).not.toBe(lookupKey('pepper', 'OMB-0000-0000-00AA'));
  });
});

describe('a number in a text', () => {
  it.each([
    'My number is OMB-0000-0000-00AA.',
    'omb 0000 0000 00aa please',
    'where is OMB00000000OOAA?',
    'status 0000-0000-00AA',
    '0000000000AA',
    'OMB-0000-0000-0000 sorry, OMB-0000-0000-00AA',
  ])('is found: %s', (text) =>
    expect(findTrackingNumberIn(text)).toBe(text.includes('0000-0000 ') ? 'OMB-0000-0000-0000' : 'OMB-0000-0000-00AA'),
  );

  it('is not seen in words or telephone numbers', () => {
    expect(findTrackingNumberIn('they came here once, representation was asked, call 0000 0000 0000')).toBeUndefined();
  });

  it('is looked at quickly even in a hostile text', () => {
    const hostile = `OMB${' '.repeat(400)}`.repeat(20) + '7 '.repeat(11) + ' '.repeat(400) + '!';
    expect(findTrackingNumberIn(hostile)).toBeUndefined();
  });

  it('is recognised as meant even when it is mistyped', () => {
    expect(looksLikeTrackingNumber('it is OMB-1234-5678-9ABD')).toBe(true);
    expect(looksLikeTrackingNumber('the Ombudsman')).toBe(false);
  });
});
