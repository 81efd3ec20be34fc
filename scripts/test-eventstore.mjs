// npm run test:eventstore: the contract suite and the 607 filings against the server that EVENTSTORE_URL names.
// Ends with 0 when all cases passed, 1 when not, 2 when there is no server to be tested.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConnectionString } from '../dist/events/eventstoredb/connection-string.js';
import { probeEventStore } from '../dist/events/eventstoredb/probe.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const give = (code, text) => {
  process.stderr.write(`${text}\n`);
  process.exit(code);
};
const url = process.env.EVENTSTORE_URL;
if (!url) {
  give(
    2,
    'EVENTSTORE_URL is not set: there is no server to be tested. Example:\n  EVENTSTORE_URL=esdb://localhost:2113?tls=false npm run test:eventstore',
  );
}

let version;
try {
  const facts = await probeEventStore({
    address: readConnectionString(url),
    streamPrefix: 'citizen_test.',
    timeoutMs: 15_000,
    logger: { debug() {}, warn() {}, error() {} },
  });
  if (!facts.mayWrite) give(2, 'The user in EVENTSTORE_URL may not write streams that begin with citizen_');
  version = facts.version;
} catch (error) {
  give(2, error instanceof Error ? error.message : String(error));
}

const folder = mkdtempSync(path.join(tmpdir(), 'citizen-eventstore-'));
const report = path.join(folder, 'report.json');
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--config', 'vitest.eventstore.config.ts'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
const read = () => {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return give(1, 'The tests ended without a report.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
const { numPassedTests, numFailedTests } = read();
const cases = `${numPassedTests + numFailedTests} cases ran against EventStoreDB / KurrentDB ${version}`;
// What fails outside the cases (taking away what they wrote) counts too.
const failed = numFailedTests > 0 ? `${numFailedTests} failed` : 'all passed, but not what is around them';
process.stdout.write(`${cases}: ${status === 0 ? 'all passed' : failed}\n`);
process.exit(status === 0 ? 0 : 1);
