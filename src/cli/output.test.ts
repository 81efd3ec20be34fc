import { expect, it } from 'vitest';
import { confirmOnTerminal, messageOf } from './output.js';

it('a question without a terminal is answered no, and says how to answer yes', async () => {
  let err = '';
  const output = { out: () => undefined, err: (text: string) => void (err += text) };
  expect(await confirmOnTerminal('Destroy the keys?', { output, isTty: false })).toBe(false);
  expect(err).toContain('Destroy the keys?');
  expect(err).toContain('--yes');
});

it.each([
  [new Error('Connection terminated unexpectedly'), /^The database does not answer \(Connection terminated/],
  [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), /^The database does not answer \(ECONNREFUSED\)$/],
  [new Error('There is no projection "x".'), /^There is no projection "x"\.$/],
  ['a word', /^a word$/],
])('an error is told in words: %s', (error, words) => {
  expect(messageOf(error)).toMatch(words);
});
