import { describe, expect, it } from 'vitest';
import en from '../texts/en.json' with { type: 'json' };
import kri from '../texts/kri.json' with { type: 'json' };

/** Every text with its path, so that a missing one is named. */
const textsOf = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => textsOf(inner, `${path}/${key}`));

describe('The words of the pages', () => {
  it('are there in every language, under the same keys', () => {
    const keys = (words: unknown) => textsOf(words).map(([path]) => path);
    expect(keys(kri)).toEqual(keys(en));
  });

  it('have the same places to fill in', () => {
    const places = (words: unknown) => textsOf(words).map(([path, text]) => [path, text.match(/\{\w+\}/g) ?? []]);
    expect(places(kri)).toEqual(places(en));
  });

  it('are empty nowhere but for the note on drafts', () => {
    const empty = textsOf(kri).filter(([, text]) => text === '');
    expect(empty).toEqual([]);
    expect(
      textsOf(en)
        .filter(([, text]) => text === '')
        .map(([path]) => path),
    ).toEqual(['/site/draft']);
  });

  it.each([en, kri])('never claim that no name stands in what is filed', ({ check }) => {
    expect(JSON.stringify(check)).not.toMatch(/gave no name|yu nɔ gi nem\./iu);
    for (const told of [check.toldNobody, check.toldOpen]) expect(told).toMatch(/your words|yu wɔd/u);
  });

  it.each([en, kri])('send nobody only to the police', ({ start }) => {
    expect(start.danger).toMatch(/cannot trust the police|nɔ trɔst di polis/u);
  });

  it('say that the Krio ones await a native reviewer', () => {
    expect(kri.review).toBe('awaiting a native reviewer');
  });
});
