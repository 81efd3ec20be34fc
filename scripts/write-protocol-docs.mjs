// Brings the tables in PROTOCOL.md (errors, close codes, limits) up to date with the code: npm run docs:protocol
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTables } from '../dist/transport/protocol/describe-protocol.js';

const file = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'PROTOCOL.md');
writeFileSync(file, withTables(readFileSync(file, 'utf8')));
process.stdout.write('Wrote PROTOCOL.md\n');
