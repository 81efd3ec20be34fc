import type { Command } from 'commander';
import { createPolicies } from '../commands/policies/policies.js';
import { systemClock } from '../platform/clock.js';
import { deriveKey } from '../platform/secrets.js';
import { runList, type ListOptions } from './as-of/lists.js';
import { processOutput } from './output.js';
import { runReplay, type ReplayOptions } from './replay/run-replay.js';
import { exploreOnTerminal } from './replay/terminal.js';
import { ansiPaint, noPaint } from './replay/text.js';
import type { WithStorage } from './with-storage.js';

/** The terminal interface, where a person sits at both ends of this process. */
const explore = () => {
  const { stdin: input, stdout: output, env } = process;
  if (!input.isTTY || !output.isTTY || env['TERM'] === 'dumb') return undefined;
  return exploreOnTerminal({ input, output }, (env['NO_COLOR'] ?? '') === '' ? ansiPaint : noPaint);
};

/** Adds what analysts use: replays of complaints, and read models as of a moment. */
export const addAnalystCommands = (program: Command, withStorage: WithStorage): void => {
  program
    .command('replay')
    .description(
      'the story of a complaint step by step: what the citizen saw, what the read models held, the raw events',
    )
    .argument('<name>', 'a tracking number, a session id, a reference of "sessions list", or a complaint id')
    .option('--at <moment>', 'begin at (or print) one moment: #step, position of the log, or time (2026-05-12T14:00Z)')
    .option('--diff <moments...>', 'what the read models held otherwise at two moments')
    .option('--json', 'one JSON object a line')
    .option('--plain', 'text, also on a terminal')
    .option('--unmask', 'show what the citizen told in the clear; this is recorded for good')
    .option('--reason <words>', 'why, in your own words; needed for --unmask')
    .option('--officer <staff id>', 'who reads; needed for --unmask, never a name')
    .addHelpText(
      'after',
      `
  Keys: ←/→ step, [ ] turn, space play, g jump, / search, tab panes, m d compare, ? all keys, q leave.
  Examples:
    citizen replay OMB-XXXX-XXXX-XXXX
    citizen replay OMB-XXXX-XXXX-XXXX --at 2026-05-12
    citizen replay OMB-XXXX-XXXX-XXXX --diff '#3' '#9'
    citizen replay OMB-XXXX-XXXX-XXXX --json | jq .type
  More: docs/analysts.md`,
    )
    .action((name: string, options: ReplayOptions) =>
      withStorage(({ store, codec, log, pool, masterKey }) =>
        runReplay({
          ...{ name, options, store, codec, log, pool, clock: systemClock, output: processOutput, explore: explore() },
          pepper: deriveKey(masterKey, 'tracking-pepper'),
        }),
      ),
    );

  const list = (options: ListOptions, what: Parameters<typeof runList>[1]): Promise<void> =>
    withStorage(({ pool, log, store, codec }) =>
      runList({ pool, log, store, codec, options, policy: createPolicies(), output: processOutput }, what),
    );
  const withMoment = (command: Command): Command =>
    command
      .option('--at <moment>', 'as it was: a position of the log, or a time (2026-05-12T14:00Z)')
      .option('--limit <number>', 'at most so many (default 50)')
      .option('--json', 'one JSON object a line');
  const sessions = program.command('sessions').description('conversations');
  withMoment(sessions.command('list'))
    .description('conversations, the last active first; without names and texts')
    .option('--state <state>', 'only those in this state')
    .option('--since <time>', 'only those that began since')
    .action((options: ListOptions) => list(options, 'sessions'));
  const complaints = program.command('complaints').description('filed complaints');
  withMoment(complaints.command('list'))
    .description('complaints, the last filed first; without names, numbers and texts')
    .option('--state <state>', 'only those in this state')
    .option('--since <time>', 'only those that were filed since')
    .action((options: ListOptions) => list(options, 'complaints'));
  withMoment(program.command('read-model'))
    .description('rows of a read model as they are kept, masked')
    .argument('<name>', 'such as session-status')
    .option('--session <reference>', 'only those of one conversation')
    .action((readModel: string, options: ListOptions) => list(options, { readModel }));
};
