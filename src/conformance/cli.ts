#!/usr/bin/env node
import { allCases } from './all-cases.js';
import { readArguments, usage } from './arguments.js';
import { listCases, reportJson, reportLine, reportSummary, summaryOf } from './report.js';
import { runCases } from './run.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const main = async (): Promise<number> => {
  const command = readArguments(process.argv.slice(2), allCases);
  switch (command.kind) {
    case 'help':
      print(usage);
      return 0;
    case 'list':
      print(listCases(command.cases));
      return 0;
    case 'wrong':
      process.stderr.write(`${command.why}\n\n${usage}\n`);
      return 2;
    case 'run': {
      const { target, cases, json } = command;
      const reachable = await fetch(target.http, { signal: AbortSignal.timeout(5000) }).then(
        () => true,
        () => false,
      );
      if (!reachable) {
        process.stderr.write(`Nothing answers at ${target.http}\n`);
        return 2;
      }
      const results = await runCases(target, cases, (result) => (json ? undefined : print(reportLine(result))));
      print(json ? reportJson(target.ws, results) : reportSummary(results));
      return summaryOf(results).failed === 0 ? 0 : 1;
    }
  }
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `The suite broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(2);
  },
);
