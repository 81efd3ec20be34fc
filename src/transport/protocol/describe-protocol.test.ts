import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withTables } from './describe-protocol.js';

const document = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');

it('the tables of PROTOCOL.md say what the code says (if not: npm run docs:protocol)', () => {
  expect(document).toBe(withTables(document));
});

it('every link inside PROTOCOL.md leads to a heading', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  const headings = [...document.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!));
  for (const [, anchor] of document.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
});
