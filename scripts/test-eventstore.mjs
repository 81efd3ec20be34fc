// npm run test:eventstore: the contract suite and the 607 filings against the server that EVENTSTORE_URL names.
// Ends with 0 when all cases passed, 1 when not, 2 when there is no server to be tested.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import { readConnectionString } from '../dist/events/eventstoredb/connection-string.js';

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

let version = 'unknown';
try {
  const client = EventStoreDBClient.connectionString(readConnectionString(url).connectionString);
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in 15 s')), 15_000).unref());
  version = (await Promise.race([client.capabilities, late])).serverVersion;
  await client.dispose();
} catch (error) {
  give(2, `The server cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
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
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
rmSync(folder, { recursive: true, force: true });
const cases = `${numPassedTests + numFailedTests} cases ran against EventStoreDB / KurrentDB ${version}`;
process.stdout.write(`${cases}: ${numFailedTests === 0 ? 'all passed' : `${numFailedTests} failed`}\n`);
process.exit(status === 0 ? 0 : 1);
