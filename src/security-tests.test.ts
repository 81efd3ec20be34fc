import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const rows = [
  ...readFileSync(path.join(root, 'docs/security-tests.md'), 'utf8').matchAll(/^\| *(\d+) *\|(.*)\|$/gm),
].map(([, number = '', cells = '']) => ({
  number: Number(number),
  named: cells.split('.test.ts`').length - 1,
  tests: [...cells.matchAll(/`([\w/.-]+\.test\.ts)`: (.+?)(?=;|\. |\.?\s*\||\s*$| \()/g)].map(
    ([, file = '', name = '']) => ({ file, name: name.trim() }),
  ),
}));

describe('docs/security-tests.md', () => {
  it('has every row of the real-time side', () => {
    const expected = [...Array.from({ length: 16 }, (_, n) => n + 1), 23, 24, 31];
    expect(rows.map(({ number }) => number)).toEqual(expected);
  });

  it.each(rows)('row $number names tests that exist', ({ tests, named }) => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests).toHaveLength(named);
    for (const { file, name } of tests) {
      expect(existsSync(path.join(root, file)), file).toBe(true);
      expect(readFileSync(path.join(root, file), 'utf8')).toContain(name);
    }
  });
});
