import { expect, it } from 'vitest';
import { confirmOnTerminal } from './output.js';

it('a question without a terminal is answered no, and says how to answer yes', async () => {
  let err = '';
  const output = { out: () => undefined, err: (text: string) => void (err += text) };
  expect(await confirmOnTerminal('Destroy the keys?', { output, isTty: false })).toBe(false);
  expect(err).toContain('Destroy the keys?');
  expect(err).toContain('--yes');
});
