#!/usr/bin/env node
import { Command } from 'commander';
import { isDatabaseAway } from '../platform/database-away.js';
import { isStartupError } from '../platform/startup-error.js';
import { addAgentCommands } from './agent-commands.js';
import { addAnalystCommands } from './analyst-commands.js';
import { addCaseCommands } from './case-commands.js';
import { addLogCommands } from './log-commands.js';
import { messageOf } from './output.js';
import { addProjectionCommands } from './projection-commands.js';
import { withStorage } from './with-storage.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
// `citizen … | head`: who reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

const program = new Command('citizen')
  // 1 is an answer ("no"), so what commander itself refuses is 2, as all that could not be done.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .description('Looks after the event log and the read models of Citizen Interface. Works beside a running server.')
  .addHelpText(
    'after',
    '\nSettings are read from the environment, as the server does: DATA_DIR, DATABASE_URL, MASTER_KEY …',
  );
addLogCommands(program, withStorage);
addProjectionCommands(program, withStorage, interrupt.signal);
addAgentCommands(program, withStorage, interrupt.signal);
addAnalystCommands(program, withStorage);
addCaseCommands(program, withStorage);

try {
  await program.parseAsync();
} catch (error) {
  const code = isStartupError(error) ? error.code : isDatabaseAway(error) ? 'database_unreachable' : undefined;
  if (code === undefined) throw error;
  process.stderr.write(`${messageOf(error)}\n(${code})\n`);
  process.exitCode = 2;
}
