// Fills docs/reliability.md with what `npm run bench:resume` kept in bench/results/resume-*.json: npm run docs:reliability
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const file = process.argv[2] ?? path.join(root, 'docs', 'reliability.md');
const MISSING = '_not taken yet_';

const results = Object.fromEntries(
  ['cuts', 'kills', 'peers', 'library', 'rolling', 'paused', 'upload', 'ack'].flatMap((name) => {
    const kept = path.join(root, 'bench', 'results', `resume-${name}.json`);
    return existsSync(kept) ? [[name, JSON.parse(readFileSync(kept, 'utf8'))]] : [];
  }),
);

const number = (value, digits = 1) => value.toLocaleString('en', { maximumFractionDigits: digits });
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * q) - 1)] ?? NaN;
const line = (cells) => `| ${cells.join(' | ')} |`;
const verdict = (met) => (met ? 'met' : '**missed**');

const addUp = (tallies) =>
  tallies.reduce(
    (sum, { expected, delivered, lost, doubled, outOfOrder }) => ({
      expected: sum.expected + expected,
      delivered: sum.delivered + delivered,
      lost: sum.lost + lost,
      doubled: sum.doubled + doubled,
      outOfOrder: sum.outOfOrder + outOfOrder,
    }),
    { expected: 0, delivered: 0, lost: 0, doubled: 0, outOfOrder: 0 },
  );
/** Never rounded up to 100. */
const delivery = (tallies) => {
  const { expected, delivered, lost, doubled, outOfOrder } = addUp(tallies);
  const share = Math.floor((delivered / expected) * 100_000) / 1000;
  return `${share} % of ${number(expected)}, ${number(lost)} lost, ${number(doubled)} doubled, ${number(outOfOrder)} out of order`;
};
const isPerfect = (tallies) => {
  const { expected, delivered, lost, doubled, outOfOrder } = addUp(tallies);
  return expected > 0 && delivered === expected && lost + doubled + outOfOrder === 0;
};
const directions = ({ toServer, toCitizen }) => [toServer, toCitizen];

const storm = ({ audit }) => [delivery(directions(audit)), verdict(isPerfect(directions(audit)))];
const peer = (name, kills) => (figures) => {
  const found = figures.find((one) => one.name === name && one.kills === kills);
  return found === undefined ? [MISSING, ''] : [delivery(directions(found.audit)), 'for comparison'];
};
const MEBIBYTE = 2 ** 20;

/** Scenario, what was done, its target, and what its figures say: cell and verdict. */
const summary = [
  ['cuts', 'sockets cut about every 15 s, offline for 2 s and more', '100 %, 0 doubled, 0 out of order', storm],
  ['peers', '⤷ bare `ws`, without resume', '', peer('ws', 0)],
  ['peers', '⤷ Socket.IO, connection state recovery', '', peer('socketio', 0)],
  ['peers', '⤷ the same with `retries` in its client', '', peer('socketio-retries', 0)],
  ['kills', 'the same, two processes, five times `kill -9`', '100 %, 0 doubled, 0 out of order', storm],
  ['peers', '⤷ bare `ws`, one process, five times `kill -9`', '', peer('ws', 5)],
  ['peers', '⤷ Socket.IO, the same', '', peer('socketio', 5)],
  ['peers', '⤷ Socket.IO with `retries`, the same', '', peer('socketio-retries', 5)],
  ['library', 'the published client, cuts and kills', '100 %, 0 doubled, 0 out of order', storm],
  [
    'rolling',
    'two processes restarted one after the other with SIGTERM',
    '0 lost; p95 back ≤ reconnect window + 1 s',
    ({ audit, sinceTold, windowMs }) => {
      const [{ lost }, p95] = [addUp(directions(audit)), quantile(sinceTold, 0.95)];
      const cell = `${lost} lost; p95 ${number(p95, 0)} ms, window ${number(windowMs, 0)} ms`;
      return [cell, verdict(isPerfect(directions(audit)) && p95 <= windowMs + 1_000)];
    },
  ],
  [
    'paused',
    'one reader among the others stops reading',
    'buffers ≤ 2 MiB; others’ p99 ≤ + 10 %',
    ({ reads, stalls }) => {
      const [more, buffered] = [(stalls.others.p99 / reads.others.p99 - 1) * 100, stalls.buffered / MEBIBYTE];
      const grown = (stalls.grown - reads.grown) / MEBIBYTE;
      const cell = `${number(buffered, 2)} MiB buffered, resident memory ${number(grown)} MiB more than with a reader; p99 ${more >= 0 ? '+' : ''}${number(more)} %`;
      return [cell, verdict(buffered <= 2 && more <= 10)];
    },
  ],
  [
    'upload',
    '10 MiB over HTTP while others chat',
    'others’ p99 < 25 ms',
    (figures) => {
      const p99 = Object.fromEntries(figures.map(({ way, others }) => [way, others.p99]));
      const cell = `${number(p99.http)} ms (no upload: ${number(p99.nothing)} ms; as base64: ${number(p99.base64)} ms)`;
      return [cell, verdict(p99.http < 25)];
    },
  ],
  [
    'ack',
    'durable ack at 500 messages/s',
    '≤ 2 × bare `ws` + `INSERT`, p50 and p99',
    ({ ours, bare, ratio }) => {
      const of = (q) => `${q} ${number(ours[q])} ms beside ${number(bare[q])} ms (× ${number(ratio[q], 2)})`;
      return [`${of('p50')}; ${of('p99')}`, verdict(ratio.p50 <= 2 && ratio.p99 <= 2)];
    },
  ],
];

const summaryRows = summary.map(([name, what, target, read]) => {
  const result = results[name];
  const [cell, met] = result === undefined ? [MISSING, ''] : read(result.figures);
  const isTimed = ['rolling', 'paused', 'upload', 'ack'].includes(name);
  const invalid = result?.bottleneck === true && isTimed;
  const scale = result === undefined || name === 'peers' ? '' : ` (${result.title})`;
  return line([what + scale, target, cell, invalid ? '**not valid**: the driver was the bottleneck' : met]);
});
const table = [line(['what', 'target', 'figures', '']), line(['---', '---', '---', '---']), ...summaryRows].join('\n');

const details = Object.entries(results).map(
  ([name, { title, heads, rows, notes, bottleneck, machine, measuredAt }]) => {
    const load = machine.loadAverage.map((value) => value.toFixed(1)).join(' ');
    return [
      `### ${name}: ${title}\n`,
      [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'),
      '',
      ...notes.map((note) => `- ${note}`),
      `- ${measuredAt.slice(0, 10)}, ${machine.processors} processors, Node ${machine.node}, load average at the end ${load}${bottleneck ? '; **the driver was the bottleneck: deliveries count, times do not**' : ''}`,
    ].join('\n');
  },
);

const fill = (text, name, content) =>
  text.replace(
    new RegExp(`(<!-- generated from bench/results: ${name} -->)[^]*?(<!-- end -->)`),
    (_, begin, end) => `${begin}\n\n${content}\n\n${end}`,
  );
const filled = fill(fill(readFileSync(file, 'utf8'), 'summary', table), 'details', details.join('\n\n') || MISSING);
writeFileSync(file, await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' }));
process.stdout.write(`Wrote ${path.relative(root, file)} (${Object.keys(results).join(', ') || 'no results yet'})\n`);
