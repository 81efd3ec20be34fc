import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultKinds, faultRules } from '../../../src/agent/model/failures.js';

const rows = readFileSync(new URL('../../../docs/language-model.md', import.meta.url), 'utf8').split('\n');

it.each(faultKinds)('docs/language-model.md says what follows the fault %s', (kind) => {
  const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${kind}\``)) ?? '';
  const { retry, breaker } = faultRules[kind];
  expect(/\| (?:again[,;]|again with)/u.test(row)).toBe(retry || kind === 'context_too_long');
  expect(row).toContain({ trip: 'opens at once', counts: 'counts', no: 'no ' }[breaker]);
});
