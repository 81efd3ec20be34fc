import { parseArgs } from 'node:util';
import { fileAll } from './file-all.js';

const help = `npm run demo:file-all [-- --citizens N --at-once N --no-kill]

Every statement in samples/civic-statements.jsonl is filed by a citizen of its own over WebSocket, --at-once (60) at a time,
against a real server in a temporary folder. Half-way the server is killed with kill -9 and started again. Then every
number is tracked in public, and the event log itself is audited: nothing missing, nothing doubled, one reply each.
Ends with code 0 when all is well, 1 when not.`;

const { values } = parseArgs({
  options: {
    citizens: { type: 'string' },
    'at-once': { type: 'string', default: '60' },
    'no-kill': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const report = await fileAll({
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
for (const fault of report.faults) console.log(`  ${fault}`);
const good =
  report.faults.length === 0 &&
  report.chainIntact &&
  report.completed === report.citizens &&
  report.received === report.citizens;
process.exitCode = good ? 0 : 1;
