// What `npm run bench:web` has measured, as tables: for the terminal and for docs/web.md.

const names = {
  start: 'start page',
  chat: 'chat',
  track: 'look-up page',
  lite: '`/lite` chat',
  hook: 'the documented hook alone',
  peer: 'Deep Chat',
  'lite, no script': '`/lite` chat, by its form',
  'chat, all shown': 'chat, all 2,000 in the page',
};
const nameOf = (name) => names[name] ?? name;
const line = (cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const milliseconds = (ms) => `${ms.toFixed(1)} ms`;

/** The three tables and a line on how they were taken, in Markdown. */
export const tablesOf = ({ bytes, first, loads, messages, rounds, measuredAt, machine, peer }) => {
  const load = machine.loadAverage.map((value) => value.toFixed(1)).join(' ');
  const missing = peer === null ? ' Deep Chat could not be installed there.' : ` Deep Chat is ${peer}.`;
  return [
    table(
      ['page', 'script, gzip', 'everything, gzip'],
      Object.entries(bytes).map(([name, { scriptBytes, totalBytes }]) => [
        ...[nameOf(name), kilobytes(scriptBytes), kilobytes(totalBytes)],
      ]),
    ),
    table(
      ['address to first message received, 100 kb/s and 400 ms', 'median', 'least to greatest'],
      Object.entries(first).map(([name, { medianMs, leastMs, greatestMs }]) => [
        ...[nameOf(name), seconds(medianMs), `${seconds(leastMs)} to ${seconds(greatestMs)}`],
      ]),
    ),
    table(
      [`with ${messages.toLocaleString('en')} messages`, 'heap', 'nodes', 'key to frame, median', 'p95'],
      Object.entries(loads).map(([name, { heapMB, nodes, delayMs, delayP95Ms }]) => [
        ...[nameOf(name), `${heapMB.toFixed(1)} MB`, nodes.toLocaleString('en')],
        ...[milliseconds(delayMs), milliseconds(delayP95Ms)],
      ]),
    ),
    `${measuredAt.slice(0, 10)}, ${machine.processors} processors, Node ${machine.node}, Chromium ${machine.chromium}, ${rounds} rounds, load average at the end ${load}.${missing}`,
  ].join('\n\n');
};
