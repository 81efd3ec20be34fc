import { describe, expect, it } from 'vitest';
import { languageOf, languageToFollow } from './language-used.js';

describe('the language of a text', () => {
  it.each([
    'Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.',
    'Di police na Lumley bin ask me for money before dem take mi statement',
    'A bin go na di ospitul ɛn dɛn nɔ gri fɔ tek mi pikin',
    'wetin a fɔ du naw, dɛn don tek mi land',
  ])('is Krio: %s', (text) => expect(languageOf(text)).toBe('kri'));

  it.each([
    'On Monday the police at Lumley asked me for 500 Leones before they would take my statement.',
    'The clerk told me that my file is lost and that I have to pay for a new one.',
  ])('is English: %s', (text) => expect(languageOf(text)).toBe('en'));

  it.each([
    'yɛs',
    'A nɔ gɛt natin',
    'submit',
    'OMB-7XKM-3Q2D-9HTV',
    'Don Bosco',
    'no',
    'Na Bo',
    'Please speak Krio with me, na so a wan am.',
    'A wan tɔk Krio wit yu',
    'They said "na so di wok de" and told me to go away with my papers.',
    '',
  ])('is left open: %s', (text) => expect(languageOf(text)).toBeUndefined());
});

describe('the language of a conversation', () => {
  const krio = 'Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.';
  const english = 'The clerk told me that my file is lost and that I have to pay for a new one.';

  it('follows Krio in an English conversation, and back', () => {
    expect(languageToFollow(krio, { language: 'en', languageFrom: 'start' })).toBe('kri');
    expect(languageToFollow(english, { language: 'kri', languageFrom: 'noticed' })).toBe('en');
    expect(languageToFollow(krio, { language: 'en', languageFrom: 'noticed' })).toBe('kri');
  });

  it('stays the one that was asked for', () => {
    expect(languageToFollow(krio, { language: 'en', languageFrom: 'asked' })).toBeUndefined();
    expect(languageToFollow(english, { language: 'kri', languageFrom: 'asked' })).toBeUndefined();
  });

  it('stays the Krio in which it was begun', () => {
    expect(languageToFollow(english, { language: 'kri', languageFrom: 'start' })).toBeUndefined();
  });
});
