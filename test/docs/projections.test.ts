import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, repositoryRoot } from '../../demo/server-process.js';
import { projections } from '../../src/projections/read-models/index.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { makeScratch, patched, type Scratch } from './support/scratch.js';
import { readSnippets, type Snippet } from './support/snippets.js';

// docs/projections.md from top to bottom, as a newcomer follows it: files are written, changes made, commands run, and what they
// print is what the page shows.

const snippets = readSnippets(path.join(repositoryRoot(), 'docs', 'projections.md'));
const isCode = ({ language }: Snippet): boolean => /^(ts|diff|sh|text)$/.test(language);

/** What differs from one reader to the next: the month, what else is in the log, sizes. */
const likeEverywhere = (printed: string): string =>
  printed
    .replace(/\b20\d\d-\d\d\b/g, 'a-month')
    .replace(/(_v\d+)_\d+/g, '$1_n')
    .replace(/position [\d,]+/g, 'position n')
    .replace(/about [\d,]+ rows, [\d.]+ \w+/g, 'some rows');

let database: TestDatabase;
let data: string;
let scratch: Scratch;
let port: number;
const printed: string[] = [];
/** Lines at which the page could not be followed: what comes after means nothing. */
const lost: number[] = [];

beforeAll(async () => {
  [database, port] = [await freshDatabase(), await freePort()];
  data = mkdtempSync(path.join(tmpdir(), 'citizen-projections-'));
  scratch = makeScratch({
    ...{ PORT: String(port), DATA_DIR: data, DATABASE_URL: database.url, ACCESS_KEY_SCRYPT_LOG2N: '12' },
  });
}, 60_000);
afterAll(async () => {
  await scratch.remove();
  await database.drop();
  rmSync(data, { recursive: true, force: true });
});

const here = (command: string): string => command.replaceAll('localhost:3000', `localhost:${port}`);

async function follow({ language, file, text }: Snippet): Promise<void> {
  if (file !== null) scratch.write(file, language === 'diff' ? patched(scratch.read(file), text) : text);
  else if (text === 'npm start\n') await scratch.restart();
  else if (language === 'sh') printed.push(await scratch.sh(here(text)));
}

describe('docs/projections.md', () => {
  it('adds something that is not there yet', () => {
    expect(projections.map(({ name }) => name)).not.toContain('complaints-per-month');
  });

  const steps = snippets.filter(isCode).map((snippet, n, all) => ({ snippet, shown: all[n + 1] }));
  it.for(steps.filter(({ snippet }) => snippet.language !== 'text'))(
    'works at line $snippet.line',
    { timeout: 300_000 },
    async ({ snippet, shown }, { skip, onTestFailed }) => {
      onTestFailed(() => void lost.push(snippet.line));
      if (lost.length > 0) skip(`the page could not be followed at line ${lost[0]}`);
      if (shown?.language !== 'text') return follow(snippet);
      // Rows follow the log within milliseconds, a new version after it was built: a reader who is too early looks again.
      const again = async (): Promise<string> => likeEverywhere(await scratch.sh(here(snippet.text)));
      await expect.poll(again, { timeout: 60_000, interval: 500 }).toBe(likeEverywhere(shown.text));
    },
  );

  it('files a complaint on the way', ({ skip }) => {
    skip(lost.length > 0);
    expect(printed.join('')).toMatch(/OMB-\w{4}-\w{4}-\w{4}/);
  });

  it('ends with the new version live, and with rows of its own', async ({ skip }) => {
    skip(lost.length > 0);
    const { rows } = await database.pool.query(
      `SELECT version, state FROM projections WHERE name = 'complaints-per-month' AND role = 'live' ORDER BY version`,
    );
    expect(rows.at(-1)).toEqual({ version: 2, state: 'running' });
    const kept = await database.pool.query('SELECT institution, filed, with_files FROM complaints_per_month_v2');
    expect(kept.rows).toEqual([{ institution: 'police', filed: 1, with_files: 0 }]);
  });

  const orders = snippets
    .filter(({ language }) => language === '')
    .flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('citizen ')));
  it.for(orders)('names a command that there is: %s', async (order, { skip }) => {
    skip(lost.length > 0);
    const [, ...words] = (order.split(' #')[0] ?? '').split(' ');
    const options = words.filter((word) => word.startsWith('--'));
    const help = await scratch.sh(`node dist/cli/citizen.js ${words.slice(0, 2).join(' ')} --help`);
    for (const option of options) expect(help).toContain(`${option} `);
  });

  it('leaves code that is formatted like ours', async ({ skip }) => {
    skip(lost.length > 0);
    const files = new Set(snippets.flatMap(({ file }) => file ?? []));
    const options = await resolveConfig(path.join(repositoryRoot(), 'package.json'));
    const odd: string[] = [];
    for (const file of files) if (!(await check(scratch.read(file), { ...options, filepath: file }))) odd.push(file);
    expect(odd).toEqual([]);
  });
});
