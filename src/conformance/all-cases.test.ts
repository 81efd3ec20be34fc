import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allCases } from './all-cases.js';

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('<br>', '');
const document = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** Text of each section, by its number; that of a part of it included. */
const sections = new Map(
  document
    .split(/^#{2,3} (?=\d)/m)
    .slice(1)
    .map((section) => [/^[\d.]+/.exec(section)![0].replace(/\.$/, ''), flat(section)]),
);

describe('the cases of the conformance suite', () => {
  it('are at least forty, over both profiles, each with a number of its own', () => {
    const ids = allCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(40);
    for (const { id, profile } of allCases) expect(id).toMatch(profile === 'v1' ? /^V\d\d$/ : /^C\d\d$/);
  });

  it.each(allCases)('$id quotes PROTOCOL.md section $section word for word', ({ section, rule }) => {
    expect(sections.get(section) ?? '').toContain(flat(rule));
  });
});
