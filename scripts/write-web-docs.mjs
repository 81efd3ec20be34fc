// Fills docs/web.md with what `npm run bench:web` kept in bench/results/web.json: npm run docs:web
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { tablesOf } from '../bench/web/tables.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = process.argv[2] ?? path.join(root, 'docs', 'web.md');
const results = path.join(root, 'bench', 'results', 'web.json');

const content = existsSync(results) ? tablesOf(JSON.parse(readFileSync(results, 'utf8'))) : '_not taken yet_';
const filled = readFileSync(file, 'utf8').replace(
  /(<!-- generated from bench\/results: web -->)[^]*?(<!-- end -->)/,
  (_, begin, end) => `${begin}\n\n${content}\n\n${end}`,
);
writeFileSync(file, await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' }));
process.stdout.write(`Wrote ${path.relative(root, file)}\n`);
