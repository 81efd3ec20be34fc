import { parseArgs } from 'node:util';
import { faultKindCount } from './faulty-model.js';
import { fileAll } from './file-all.js';

const help = `npm run demo:file-all [-- --citizens N --at-once N --no-kill --model-faults PERCENT]

Every statement in samples/civic-statements.jsonl is filed by a citizen of its own over WebSocket, --at-once (60) at a time,
against a real server in a temporary folder. Half-way the server is killed with kill -9 and started again. Then every
number is tracked in public, and the event log itself is audited: nothing missing, nothing doubled, one reply each.
With --model-faults 5 a scripted language model (a FAKE, not a model) answers over real HTTP, and 5 of 100 turns meet one of its
faults: every kind of docs/language-model.md in turn, first for one call, then for all calls of a turn.
Ends with code 0 when all is well, 1 when not.`;

const { values } = parseArgs({
  options: {
    citizens: { type: 'string' },
    'at-once': { type: 'string', default: '60' },
    'model-faults': { type: 'string' },
    'no-kill': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const modelFaults = values['model-faults'] === undefined ? undefined : Number(values['model-faults']);
if (modelFaults !== undefined) {
  if (!(modelFaults >= 0 && modelFaults <= 100)) throw new Error('--model-faults is a percentage from 0 to 100');
  console.log('The language model is a FAKE: a script behind real HTTP that fails on purpose.');
}
const report = await fileAll({
  modelFaults,
  atOnce: Number(values['at-once']),
  ...(values.citizens === undefined ? {} : { citizens: Number(values.citizens) }),
  kill: !values['no-kill'],
  onProgress: (done, of, note) => {
    const tty = process.stdout.isTTY;
    if (note !== undefined) console.log(`${tty ? '\r' : ''}${done}/${of} ${note}`);
    else if (tty) process.stdout.write(`\r${done}/${of} citizens have filed `);
    else if (done % 100 === 0 || done === of) console.log(`${done}/${of} citizens have filed`);
  },
});
console.log(`
citizens               ${report.citizens}
ended completed        ${report.completed}
public status Received ${report.received}
server kills (-9)      ${report.kills}, reconnects of citizens ${report.reconnects}
events in the log      ${report.events}, hash chain ${report.chainIntact ? 'intact' : 'BROKEN'}
faults                 ${report.faults.length === 0 ? 'none: nothing missing, nothing doubled, one reply to each message' : ''}
seconds                ${report.seconds.toFixed(1)}`);
if (report.model !== null) {
  const { replies, byModel, fallbacks, injected } = report.model;
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const sum = Object.values(injected).reduce((a, b) => a + b, 0);
  console.log(`replies                ${replies}, ${byModel} by the fake model to the end`);
  console.log(
    `injected faults        ${sum} of ${Object.keys(injected).length} kinds (there are ${faultKindCount}): ${list(injected)}`,
  );
  console.log(`guided in its place    ${list(fallbacks)}`);
}
for (const fault of report.faults) console.log(`  ${fault}`);
const good =
  report.faults.length === 0 &&
  report.chainIntact &&
  report.completed === report.citizens &&
  report.received === report.citizens;
process.exitCode = good ? 0 : 1;
