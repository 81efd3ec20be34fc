// Fills docs/performance.md with what `npm run bench:projections` kept in bench/results/projections.json: npm run docs:performance
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = process.argv[2] ?? path.join(root, 'docs', 'performance.md');
const kept = path.join(root, 'bench', 'results', 'projections.json');

const line = (cells) => `| ${cells.join(' | ')} |`;
const sectionOf = ({ heads, rows, notes, machine, measuredAt }) => {
  const load = machine.loadAverage.map((value) => value.toFixed(1)).join(' ');
  return [
    [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'),
    [
      ...notes.map((note) => `- ${note}`),
      `- ${measuredAt.slice(0, 10)}, ${machine.processors} processors, Node ${machine.node}, load average at the end ${load}`,
    ].join('\n'),
  ].join('\n\n');
};

const section = existsSync(kept) ? sectionOf(JSON.parse(readFileSync(kept, 'utf8'))) : '_not taken yet_';
const filled = readFileSync(file, 'utf8').replace(
  /(<!-- generated from bench\/results: projections -->)[^]*?(<!-- end -->)/,
  (_, begin, end) => `${begin}\n\n${section}\n\n${end}`,
);
writeFileSync(file, await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' }));
process.stdout.write(`Wrote ${path.relative(root, file)}${existsSync(kept) ? '' : ' (no results yet)'}\n`);
