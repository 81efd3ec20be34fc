import { describe, expect, it } from 'vitest';
import { civicStatements, serviceRequestRows } from '../../test/support/samples.js';
import { createAccessKeys } from './access-key.js';
import { KEY_MASK, takeOutAccessKeys } from './handed-key.js';
import { drawTrackingNumber } from './tracking-number.js';

const key = 'K7QX-3MTP-9ZRD-42WN';

describe('an access key in a message', () => {
  it.each([
    ['as it was shown', key],
    ['in lower case', 'k7qx-3mtp-9zrd-42wn'],
    ['with spaces', 'K7QX 3MTP 9ZRD 42WN'],
    ['in lower case with spaces', 'k7qx 3mtp 9zrd 42wn'],
    ['without anything between', 'K7QX3MTP9ZRD42WN'],
    ['with long dashes', 'K7QX–3MTP–9ZRD–42WN'],
    ['with dashes between spaces', 'K7QX - 3MTP - 9ZRD - 42WN'],
    ['spelled out', 'k7 qx 3m tp 9z rd 42 wn'],
    ['letter by letter', 'k 7 q x 3 m t p 9 z r d 4 2 w n'],
    ['in two halves', 'K7QX3MTP 9ZRD42WN'],
  ])('is taken out %s', (_how, typed) => {
    expect(takeOutAccessKeys(typed)).toEqual({ text: KEY_MASK, accessKey: key });
  });

  it('is read with O for 0 and I or L for 1', () => {
    expect(takeOutAccessKeys('A0B1-C1D2-E3F0-G4H5').accessKey).toBe('A0B1-C1D2-E3F0-G4H5');
    expect(takeOutAccessKeys('aObI-clD2-E3FO-G4H5').accessKey).toBe('A0B1-C1D2-E3F0-G4H5');
  });

  it.each([
    [`my key is ${key}`, `my key is ${KEY_MASK}`],
    [`Number OMB-1234-5678-9ABC, key ${key.toLowerCase()}.`, `Number OMB-1234-5678-9ABC, key ${KEY_MASK}.`],
    [`OMB 1234 5678 9ABC ${key.replaceAll('-', ' ')}`, `OMB 1234 5678 9ABC ${KEY_MASK}`],
    [`mi akses ki na k7qx 3mtp 9zrd 42wn ya`, `mi akses ki na ${KEY_MASK} ya`],
    [`The police took my money.\n${key}\nThey laughed.`, `The police took my money.\n${KEY_MASK}\nThey laughed.`],
    [`(${key})`, `(${KEY_MASK})`],
  ])('is taken out of "%s" alone', (typed, kept) => {
    expect(takeOutAccessKeys(typed)).toEqual({ text: kept, accessKey: key });
  });

  it('is taken out each time that it stands there', () => {
    expect(takeOutAccessKeys(`${key} ${key}`).text).toBe(`${KEY_MASK} ${KEY_MASK}`);
  });

  it('is found whatever was drawn, as it was shown, beside a number or alone', () => {
    const keys = createAccessKeys();
    for (let i = 0; i < 2_000; i += 1) {
      const drawn = keys.draw();
      const number = drawTrackingNumber();
      expect(takeOutAccessKeys(drawn)).toEqual({ text: KEY_MASK, accessKey: drawn });
      expect(takeOutAccessKeys(`${number} ${drawn.toLowerCase()}`)).toEqual({
        text: `${number} ${KEY_MASK}`,
        accessKey: drawn,
      });
    }
  });
});

describe('ordinary text', () => {
  it.each([
    'they took 5000 from them',
    'Then came 2000 dead fish',
    'THEY TOOK 5000 FROM ME',
    'on 13th July 2023 they came',
    'I paid 500k Le 24hr after that 2nd time',
    'my card is 1234 5678 9012 3456',
    'my phone is 076 123 456 or 00232 76 123456',
    'OMB-1234-5678-9ABC',
    'track 1234 5678 9ABC',
    'reference GOSL2023PAYR1234 of the ministry',
    '550e8400-e29b-41d4-a716-446655440000',
    'https://example.org/a/k7qx3mtp9zrd42wn',
    'k7qx3mtp9zrd42wn@example.org',
    'responsibilities',
    'RESPONSIBILITIES',
    'stop-this-here-then',
    'they lost the key of my room 2013 when they left',
    '',
  ])('is left alone: %s', (text) => {
    expect(takeOutAccessKeys(text)).toEqual({ text });
  });

  it('of the samples is left alone', () => {
    for (const text of [...civicStatements(), ...serviceRequestRows()])
      expect(takeOutAccessKeys(text)).toEqual({ text });
  });

  it('is read quickly, however long it is', () => {
    for (const piece of ['a', 'a1b2 ', 'K7QX-', '1 ', 'OMB ', 'key '])
      expect(takeOutAccessKeys(piece.repeat(8000 / piece.length)).text).not.toBe('');
  });
});
