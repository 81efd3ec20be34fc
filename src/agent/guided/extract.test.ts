import { describe, expect, it } from 'vitest';
import { bareName, contactIn, emailIn, phoneIn, tellsOnlyWho, trackingNumberIn } from './extract.js';
import { introducedName } from './names.js';

describe('what a text tells about its writer', () => {
  it.each([
    ['call me on 076 123 456', '076123456'],
    ['+232 76 123456', '+23276123456'],
    ['232-76-123-456.', '23276123456'],
    ['it happened on 2018-05-12', undefined],
    ['room 12', undefined],
    ['they took 25000000 leones', undefined],
  ])('telephone in "%s"', (text, expected) => {
    expect(phoneIn(text)).toBe(expected);
  });

  it.each([
    ['write to fatu.k@example.org please', 'fatu.k@example.org'],
    ['price @ 5', undefined],
  ])('e-mail in "%s"', (text, expected) => {
    expect(emailIn(text)).toBe(expected);
  });

  it.each([
    ['My name is Fatmata Kamara and I live in Bo', 'Fatmata Kamara'],
    ['mi nem na Musa', 'Musa'],
    ['I am Musa Conteh', 'Musa Conteh'],
    ['I am tired of waiting', undefined],
    ['I am not sure', undefined],
  ])('name in "%s"', (text, expected) => {
    expect(introducedName(text)).toBe(expected);
  });

  it.each([
    ['Fatmata Kamara', 'Fatmata Kamara'],
    ['fatmata kamara, 076 123456', 'fatmata kamara'],
    ['call me Musa', 'Musa'],
    ["Mary-Ann O'Neil", "Mary-Ann O'Neil"],
    ['the police took my money', undefined],
    ['123', undefined],
  ])('bare name in "%s"', (text, expected) => {
    expect(bareName(text)).toBe(expected);
  });

  it('finds name, telephone and e-mail together', () => {
    expect(contactIn('Fatmata Kamara, 076 123456, fatu@example.org', true)).toEqual({
      name: 'Fatmata Kamara',
      phone: '076123456',
      email: 'fatu@example.org',
    });
  });

  it.each([
    ['my name is Musa Conteh and my number is +232 76 111222', true],
    ['My name is Musa Conteh and the police beat me at the station', false],
    ['the police beat me', false],
  ])('whether "%s" tells only who', (text, expected) => {
    expect(tellsOnlyWho(text)).toBe(expected);
  });
});

describe('a tracking number as it was meant', () => {
  it.each([
    ['OMB-2345-6789-ABCD', 'OMB-2345-6789-ABCD'],
    ['my number is omb 2345 6789 abcd please', 'omb 2345 6789 abcd'],
    ['2345-6789-ABCD', '2345-6789-ABCD'],
    ['OMB-2024-12345', 'OMB-2024-12345'],
    ['the ombudsman office', undefined],
    ['I waited 2020 2021 2022 and nobody came', undefined],
    ['they will come back next week', undefined],
  ])('in "%s"', (text, expected) => {
    expect(trackingNumberIn(text)).toBe(expected);
  });
});
