import { readFileSync } from 'node:fs';

const linesOf = (name: string): string[] =>
  readFileSync(new URL(`../../samples/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');

/** What 607 citizens wrote, one text each. */
export const civicStatements = (): string[] =>
  linesOf('civic-statements.jsonl').map((row) => (JSON.parse(row) as { text: string }).text);

/** Rows of 200 service requests as they stand in the file. */
export const serviceRequestRows = (): string[] => linesOf('service-requests.csv').slice(1);

/** What each of the service requests is about ("TRT-Traffic Signal Repairs"). */
export const serviceRequests = (): string[] => serviceRequestRows().map((row) => row.split(',')[2] ?? '');
