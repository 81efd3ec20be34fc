import { Option, type Command } from 'commander';
import { createSessionCommands } from '../commands/command-handler.js';
import { erasureReasons } from '../commands/erasure/erase-subject.js';
import { createPolicies } from '../commands/policies/policies.js';
import { personalClasses } from '../events/personal.js';
import { readKeyRows } from '../events/postgres/key-rows.js';
import { otherConnections, renewLogId } from '../events/postgres/log-identity.js';
import { systemClock } from '../platform/clock.js';
import type { Storage } from '../storage.js';
import { runDoctor } from './doctor.js';
import { runErase, runFinishErasures } from './erase.js';
import { createForgetFiles } from './forget-files.js';
import { confirmOnTerminal, processOutput } from './output.js';
import { runRestoreEpoch } from './restore-epoch.js';
import { revocationReasons, runRevoke } from './session.js';
import { runVerify } from './verify.js';
import type { WithStorage } from './with-storage.js';

/** Loads the client of EventStoreDB only for those who use it. */
const renewEventStoreLog = async (store: Storage['store']): Promise<void> => {
  const { renewEventStoreLogId } = await import('../events/eventstoredb/identity.js');
  await renewEventStoreLogId(store);
};

const addVerify = (program: Command, withStorage: WithStorage): void => {
  program
    .command('verify')
    .description('walk the whole event log, name the first bad, missing or reordered record, and miss keys of persons')
    .option('--json', 'one JSON object instead of sentences')
    .option('--expect-head <position:hash>', 'the head that an earlier run printed and that was kept elsewhere')
    .action((options: { json?: boolean; expectHead?: string }) =>
      withStorage(
        ({ store, pool }) =>
          runVerify({
            ...{ store, keys: () => readKeyRows(pool), output: processOutput, isTty: process.stderr.isTTY },
            ...options,
          }),
        { stepsBack: true },
      ),
    );
};

const addErase = (program: Command, withStorage: WithStorage): void => {
  program
    .command('erase')
    .description(
      'forget what one citizen told: destroys the keys of a session and removes its files (cannot be undone)',
    )
    .argument('[session]', 'the session id')
    .addOption(new Option('--reason <code>', 'why, from a closed list').choices(erasureReasons))
    .addOption(new Option('--class <classes...>', 'what to forget (default: all)').choices(personalClasses))
    .option('--yes', 'do not ask')
    .option(
      '--finish',
      'complete every erasure that the log records (after a back-up of the keys or files was restored)',
    )
    .action(
      (session: string | undefined, options: { reason?: string; class?: string[]; yes?: boolean; finish?: boolean }) =>
        withStorage((storage, config) => {
          const { log, keys } = storage;
          const forgetFiles = createForgetFiles(storage, config);
          const deps = { log, keys, forgetFiles, clock: systemClock, output: processOutput };
          if (options.finish === true) return runFinishErasures(deps);
          if (session === undefined)
            return program.error('error: a session id is needed (or --finish)', { exitCode: 2 });
          const { reason, class: classes, yes } = options;
          return runErase({ ...deps, subject: session, classes, reason, yes, confirm: confirmOnTerminal });
        }),
    );
};

const addRestoreEpoch = (program: Command, withStorage: WithStorage): void => {
  program
    .command('restore-epoch')
    .description(
      'after the log was restored from a back-up: clients take their conversations anew (stop the server first)',
    )
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nAfter it: citizen projections rebuild (docs/operations.md, "Back-up and restore").')
    .action(({ yes }: { yes?: boolean }) =>
      withStorage(({ pool, store }, config) =>
        runRestoreEpoch({
          otherConnections: () => otherConnections(pool),
          renewLogId: () => (config.eventStoreUrl === undefined ? renewLogId(pool) : renewEventStoreLog(store)),
          ...{ output: processOutput, yes, confirm: confirmOnTerminal },
        }),
      ),
    );
};

const addSession = (program: Command, withStorage: WithStorage): void => {
  program
    .command('session')
    .description('one conversation')
    .command('revoke')
    .description('close it to whoever holds its id or a token, on every process; what was said stays on record')
    .argument('<session>', 'the session id')
    .addOption(new Option('--reason <code>', 'why').choices(revocationReasons).default('office'))
    .action((sessionId: string, { reason }: { reason: (typeof revocationReasons)[number] }) =>
      withStorage(({ log }) => {
        const sessions = createSessionCommands({ log, policy: createPolicies(), clock: systemClock });
        return runRevoke({ sessions, sessionId, reason, output: processOutput });
      }),
    );
};

const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('check configuration, disk, permissions, database, migrations, event store and clock; say what to do')
    .option('--json', 'one JSON object instead of lines')
    .action(async (options: { json?: boolean }) => {
      process.exitCode = await runDoctor({ env: process.env, output: processOutput, ...options });
    });
};

/** Adds what looks after the log and what it keeps: `verify`, `erase`, `restore-epoch`, `session revoke`, `doctor`. */
export const addLogCommands = (program: Command, withStorage: WithStorage): void => {
  addVerify(program, withStorage);
  addErase(program, withStorage);
  addRestoreEpoch(program, withStorage);
  addSession(program, withStorage);
  addDoctor(program);
};
