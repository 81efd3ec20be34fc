import { expect, it } from 'vitest';
import { defaultCaseWords } from './case-words.js';

it('the Krio words of a case spell the office and its officers as the assistant does', () => {
  const said = Object.values(defaultCaseWords).flatMap(({ status, next }) => [status.kri, next.kri]);
  expect(said.join('\n')).toMatch(/Ɔfisa/);
  expect(said.filter((text) => /ofis/i.test(text))).toEqual([]);
});
