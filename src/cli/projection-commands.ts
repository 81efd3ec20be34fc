import { InvalidArgumentError, Option, type Command } from 'commander';
import { createProjectionAdmin } from '../projections/create-admin.js';
import type { ProjectionsCommand } from './projections/command.js';
import { runList } from './projections/list.js';
import { runOrder, type Order } from './projections/order.js';
import { onQuitKey } from './projections/quit-key.js';
import { runRebuild } from './projections/rebuild.js';
import { runStatus } from './projections/status.js';
import { runVerify } from './projections/verify.js';
import { processOutput, type ExitCode } from './output.js';
import type { WithStorage } from './with-storage.js';

type Run = (work: (command: ProjectionsCommand) => Promise<ExitCode>) => Promise<void>;
interface Json {
  readonly json?: boolean;
}
interface Load extends Json {
  readonly maxLoad?: number;
}

const JSON_FLAGS = '--json';
const width = (): number | undefined => process.stdout.columns;

const percent = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/u.test(text) || value < 1 || value > 100)
    throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  return value;
};
const position = (text: string): bigint => {
  if (!/^[1-9]\d{0,18}$/u.test(text)) throw new InvalidArgumentError('It must be a position of the log, such as 1204.');
  return BigInt(text);
};
const maxLoad = (): Option =>
  new Option('--max-load <percent>', 'share of the time in which it may work, 1 to 100').argParser(percent);

/** What the exit codes of a command mean, for its help. */
const exits = (well: string, no: string, never = 'it could not be done, or a name or option was wrong'): string =>
  `\nExit codes: 0 ${well}; 1 ${no}; 2 ${never}.`;

const addReading = (projections: Command, run: Run): void => {
  projections
    .command('list')
    .description('what the code defines (columns, events) and which copies, of which size, the database has')
    .argument('[names...]', 'all about these (default: a table of all)')
    .option(JSON_FLAGS, 'one JSON array instead of text')
    .addHelpText('after', exits('told', '(never)'))
    .action((names: string[], { json }: Json) =>
      run((command) => runList({ ...command, names, json, width: width() })),
    );
  projections
    .command('status')
    .description('every copy: state, position, lag in events and in time, rate, time left, owner, errors')
    .argument('[names...]', 'all about these, with the error and its stack (default: a table of all)')
    .option('--watch', 'show it anew every second, until q or Ctrl-C')
    .option(JSON_FLAGS, 'one JSON array instead of text; with --watch one line whenever something changed')
    .addHelpText('after', exits('all is well', 'one stands failed at an event'))
    .action((names: string[], { json, watch }: Json & { watch?: boolean }) =>
      run((command) =>
        runStatus({
          ...{ ...command, names, json, watch, outIsTty: process.stdout.isTTY, width: width() },
          onQuit: (quit) => onQuitKey(process.stdin, quit),
        }),
      ),
    );
};

const addWork = (projections: Command, run: Run): void => {
  projections
    .command('rebuild')
    .description('build read models anew from the log, beside the live ones, and swap; Ctrl-C, then again: it goes on')
    .argument('[names...]', 'which (default: all, from one read of the log)')
    .addOption(maxLoad())
    .option(JSON_FLAGS, 'results as one JSON array')
    .addHelpText(
      'after',
      `${exits('all were rebuilt', 'one was not', 'it was interrupted or could not be done')}
Nobody notices: the live rows are served and kept up to date until the new ones have caught up. At most MAX_REBUILDS work at
once, over all processes; REBUILD_MAX_LOAD_PERCENT is the default of --max-load.`,
    )
    .action((names: string[], { json, maxLoad: maxLoadPercent }: Load) =>
      run((command) => runRebuild({ ...command, names, json, maxLoadPercent })),
    );
  projections
    .command('verify')
    .description('fold the log anew and compare with the live rows, row by row at one position; changes nothing')
    .argument('[names...]', 'which (default: all, one after the other)')
    .addOption(maxLoad())
    .option(JSON_FLAGS, 'results as one JSON array')
    .addHelpText('after', exits('all rows are the same', 'some differ', 'one could not be compared'))
    .action((names: string[], { json, maxLoad: maxLoadPercent }: Load) =>
      run((command) => runVerify({ ...command, names, json, maxLoadPercent, width: width() })),
    );
};

const orders: readonly (readonly [Exclude<Order['kind'], 'pause' | 'skip'>, string])[] = [
  ['cancel', 'call off a rebuild, in whichever process it runs, and drop its copy'],
  ['rollback', 'let the rows of before the last swap serve again, brought up to date first'],
  ['drop-old', 'drop the rows of before the last swap, and copies of versions that no process uses'],
  ['resume', 'go on after a pause; lets a failed one try again too'],
  ['retry', 'let one that stopped at an event try it again (after the code was mended)'],
];

const addOrders = (projections: Command, run: Run): void => {
  const refused = exits('done', 'refused (the code stands in brackets)');
  for (const [kind, description] of orders) {
    projections
      .command(kind)
      .description(description)
      .argument('<name>', 'which')
      .option(JSON_FLAGS, 'the answer as one JSON object')
      .addHelpText('after', refused)
      .action((name: string, { json }: Json) =>
        run((command) => runOrder({ ...command, json, name, order: { kind } })),
      );
  }
  projections
    .command('pause')
    .description('stop applying events; its rows are served on and grow older')
    .argument('<name>', 'which')
    .option('--reason <text>', 'why; shown by status')
    .option(JSON_FLAGS, 'the answer as one JSON object')
    .addHelpText('after', refused)
    .action((name: string, { json, reason }: Json & { reason?: string }) =>
      run((command) => runOrder({ ...command, json, name, order: { kind: 'pause', reason } })),
    );
};

const addSkip = (projections: Command, run: Run): void => {
  projections
    .command('skip')
    .description('leave out the one event at which it stopped, for ever; who and why is recorded')
    .argument('<name>', 'which')
    .requiredOption('--position <position>', 'of the event, as "status <name>" shows it', position)
    .requiredOption('--reason <text>', 'why; nothing about a person')
    .addOption(new Option('--officer <staff id>', 'who decides; never a name'))
    .addOption(new Option('--by <staff id>', 'the same').hideHelp())
    .option(JSON_FLAGS, 'the answer as one JSON object')
    .addHelpText(
      'after',
      `${exits('done', 'refused (the code stands in brackets)')}
Only this read model leaves it out: the event stays in the log, and the other read models have it. A rebuild of the same
version leaves it out too; a new version of the projection takes it in again.`,
    )
    .action(
      (
        name: string,
        { json, ...given }: Json & { position: bigint; reason: string; officer?: string; by?: string },
      ) => {
        const by = given.officer ?? given.by;
        if (by === undefined)
          return projections.error("error: required option '--officer <staff id>' not specified", { exitCode: 2 });
        const order: Order = { kind: 'skip', position: given.position, reason: given.reason, by };
        return run((command) => runOrder({ ...command, json, name, order }));
      },
    );
};

/** Adds `citizen projections …`. @param signal aborted by Ctrl-C */
export const addProjectionCommands = (program: Command, withStorage: WithStorage, signal: AbortSignal): void => {
  const runWith =
    (options: Parameters<WithStorage>[1]): Run =>
    (work) =>
      withStorage(
        ({ pool, log }, config) =>
          work({
            admin: createProjectionAdmin({ pool, log, settings: config }),
            ...{ output: processOutput, isTty: process.stderr.isTTY, signal },
          }),
        options,
      );
  const run = runWith({});
  const projections = program
    .command('projections')
    .description('the read models: what they are, how they stand, rebuild, verify, roll back, pause, skip')
    .addHelpText(
      'after',
      `
Everything works beside running servers and holds for all processes. Begin with:
  citizen projections status             how they stand
  citizen projections status --watch     the same, live
More: docs/operations.md, "Read models"`,
    );
  addReading(projections, run);
  addWork(projections, runWith({ stepsBack: true }));
  addOrders(projections, run);
  addSkip(projections, run);
};
