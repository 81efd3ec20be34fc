#!/usr/bin/env node
import { Command, Option } from 'commander';
import { createComplaintCommands, createSessionCommands } from '../commands/command-handler.js';
import type { ComplaintCommand } from '../commands/complaint/commands.js';
import { erasureReasons } from '../commands/erasure/erase-subject.js';
import { createPolicies } from '../commands/policies/policies.js';
import { caseStates, closeReasons } from '../events/catalogue/complaint.js';
import { personalClasses } from '../events/personal.js';
import { readKeyRows } from '../events/postgres/key-rows.js';
import { otherConnections, renewLogId } from '../events/postgres/log-identity.js';
import { systemClock } from '../platform/clock.js';
import { loadConfig, type Config } from '../platform/config.js';
import { createLogger } from '../platform/logging.js';
import { deriveKey } from '../platform/secrets.js';
import { isStartupError } from '../platform/startup-error.js';
import { createQueries } from '../projections/queries/index.js';
import { openStorage, type Storage } from '../storage.js';
import { addAgentCommands } from './agent-commands.js';
import { addAnalystCommands } from './analyst-commands.js';
import { codesHelp, runCase, type CaseCommand } from './case.js';
import { runErase, runFinishErasures } from './erase.js';
import { runDoctor } from './doctor.js';
import { createForgetFiles } from './forget-files.js';
import { confirmOnTerminal, processOutput, type ExitCode } from './output.js';
import { runProjections } from './projections.js';
import { runRestoreEpoch } from './restore-epoch.js';
import { revocationReasons, runRevoke } from './session.js';
import { runVerify } from './verify.js';

const isTty = process.stderr.isTTY;
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
// `citizen … | head`: who reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

/** Loads the client of EventStoreDB only for those who use it. */
const renewEventStoreLog = async (store: Storage['store']): Promise<void> => {
  const { renewEventStoreLogId } = await import('../events/eventstoredb/identity.js');
  await renewEventStoreLogId(store);
};

/** Opens the storage for one command, beside a running server or alone, and closes it again. */
const withStorage = async (work: (storage: Storage, config: Config) => Promise<ExitCode>): Promise<void> => {
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env });
  const storage = await openStorage(config, createLogger(config), { as: 'tool' });
  try {
    process.exitCode = await work(storage, config);
  } finally {
    await storage.close();
  }
};

const program = new Command('citizen')
  .description('Looks after the event log and the read models of Citizen Interface. Works beside a running server.')
  .addHelpText(
    'after',
    '\nSettings are read from the environment, as the server does: DATA_DIR, DATABASE_URL, MASTER_KEY …',
  );

program
  .command('verify')
  .description('walk the whole event log, name the first bad, missing or reordered record, and miss keys of persons')
  .option('--json', 'one JSON object instead of sentences')
  .option('--expect-head <position:hash>', 'the head that an earlier run printed and that was kept elsewhere')
  .action((options: { json?: boolean; expectHead?: string }) =>
    withStorage(({ store, pool }) =>
      runVerify({ store, keys: () => readKeyRows(pool), output: processOutput, isTty, ...options }),
    ),
  );

program
  .command('erase')
  .description('forget what one citizen told: destroys the keys of a session and removes its files (cannot be undone)')
  .argument('[session]', 'the session id')
  .addOption(new Option('--reason <code>', 'why, from a closed list').choices(erasureReasons))
  .addOption(new Option('--class <classes...>', 'what to forget (default: all)').choices(personalClasses))
  .option('--yes', 'do not ask')
  .option('--finish', 'complete every erasure that the log records (after a back-up of the keys or files was restored)')
  .action(
    (session: string | undefined, options: { reason?: string; class?: string[]; yes?: boolean; finish?: boolean }) =>
      withStorage((storage, config) => {
        const { log, keys } = storage;
        const forgetFiles = createForgetFiles(storage, config);
        const deps = { log, keys, forgetFiles, clock: systemClock, output: processOutput };
        if (options.finish === true) return runFinishErasures(deps);
        if (session === undefined) return program.error('error: a session id is needed (or --finish)', { exitCode: 2 });
        const { reason, class: classes, yes } = options;
        return runErase({ ...deps, subject: session, classes, reason, yes, confirm: confirmOnTerminal });
      }),
  );

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

program
  .command('doctor')
  .description('check configuration, disk, permissions, database, migrations, event store and clock; say what to do')
  .option('--json', 'one JSON object instead of lines')
  .action(async (options: { json?: boolean }) => {
    process.exitCode = await runDoctor({ env: process.env, output: processOutput, ...options });
  });

const projections = program.command('projections').description('the read models');
projections
  .command('status')
  .description('name, version, state, position, head, lag in events and in time, rate, owner')
  .option('--json', 'one JSON array instead of a table')
  .action((options: { json?: boolean }) =>
    withStorage(({ pool, log }) =>
      runProjections({ command: 'status', pool, log, output: processOutput, isTty, ...options }),
    ),
  );
projections
  .command('rebuild')
  .description('build read models anew from the log, beside the live ones, and swap')
  .argument('[names...]', 'which (default: all)')
  .action((names: string[]) =>
    withStorage(({ pool, log }) =>
      runProjections({ command: 'rebuild', names, pool, log, output: processOutput, isTty, signal: interrupt.signal }),
    ),
  );

addAgentCommands(program, withStorage, interrupt.signal);
addAnalystCommands(program, withStorage);

/** The part that every command on a case shares. */
const onCase = (
  trackingNumber: string,
  officer: string,
  command?: ComplaintCommand,
  read?: CaseCommand['read'],
): Promise<void> =>
  withStorage(({ pool, store, log, codec, masterKey }, config) => {
    const policy = createPolicies();
    const queries = createQueries({ pool, codec, log, abandonedAfterHours: config.abandonedAfterHours });
    return runCase({
      trackingNumber,
      officer,
      ...(command === undefined ? {} : { command }),
      policy,
      pepper: deriveKey(masterKey, 'tracking-pepper'),
      cases: createComplaintCommands({ log, policy, clock: systemClock }),
      findComplaint: (lookup) => queries.trackingByLookup(lookup),
      output: processOutput,
      ...(command === undefined ? { file: { store, codec, log, clock: systemClock }, read } : {}),
    });
  });

interface Acts {
  readonly officer: string;
}
const officer = (): Option => new Option('--officer <staff id>', 'who acts; never a name').default('cli');
const cases = program
  .command('case')
  .description('one case after submission (until the staff pages exist)')
  .addHelpText(
    'after',
    `
A case goes: received, screening, under_review, institution_asked, … closed (docs/operations.md, "Working on cases").
To ask the citizen for something:
  citizen case move <number> info_requested --question "On which day was it?"
The question appears in the citizen's conversation. Their answer moves the case back to where it was.`,
  );
cases
  .command('show')
  .description('where the case is, what its citizen reads in public, and what is in its file (texts only with --read)')
  .argument('<number>', 'the tracking number')
  .option('--read', 'show the texts and names of files too; who reads and why is recorded first')
  .option('--reason <text>', 'why they are read, 10 to 500 letters')
  .option('--officer <staff id>', 'who reads; never a name')
  .action((number: string, { read, ...who }: { read?: boolean; reason?: string; officer?: string }) =>
    onCase(number, 'cli', undefined, read === true ? { reason: who.reason, officer: who.officer } : undefined),
  );
cases
  .command('move')
  .description('move the case on; the rules of its lifecycle hold')
  .argument('<number>', 'the tracking number')
  .addArgument(program.createArgument('<state>', 'the next state').choices(caseStates))
  .addOption(new Option('--reason <code>', 'why it is closed').choices(closeReasons))
  .option('--target <code>', 'the institution asked, the body referred to, or the complaint that this one doubles')
  .option('--citizen-consented', 'the citizen agreed to the referral')
  .option('--question <text>', 'what the citizen is asked, word for word (needed for info_requested)')
  .option('--note <text>', 'a note; for not_admissible it is needed, and the citizen reads it')
  .addOption(officer())
  .action(
    (
      number: string,
      to: (typeof caseStates)[number],
      { officer: staffId, ...move }: Omit<Extract<ComplaintCommand, { type: 'MoveCase' }>, 'type' | 'to'> & Acts,
    ) => onCase(number, staffId, { type: 'MoveCase', to, ...move }),
  )
  .addHelpText(
    'after',
    `
Examples:
  citizen case move OMB-XXXX-XXXX-XXXX screening
  citizen case move OMB-XXXX-XXXX-XXXX info_requested --question "On which day was it?"
  citizen case move OMB-XXXX-XXXX-XXXX institution_asked --target police`,
  );
cases
  .command('classify')
  .description("set the office's own category (and institution); the assistant's proposals are measured against it")
  .argument('<number>', 'the tracking number')
  .argument('<category>', 'code of the category')
  .option('--institution <code>', 'code of the institution (default: none)')
  .addOption(officer())
  .action((number: string, category: string, options: Acts & { institution?: string }) =>
    onCase(number, options.officer, {
      type: 'ClassifyAsOfficer',
      category,
      institution: options.institution ?? null,
    }),
  )
  .addHelpText('after', () => codesHelp(createPolicies().taxonomy));
cases
  .command('write')
  .description('write to the citizen: the text appears in the conversation in which the complaint was filed')
  .argument('<number>', 'the tracking number')
  .argument('<text>', 'what the citizen reads, word for word')
  .addOption(officer())
  .action((number: string, text: string, options: Acts) =>
    onCase(number, options.officer, { type: 'WriteToCitizen', text }),
  );
cases
  .command('remind')
  .description('remind the institution of its overdue answer')
  .argument('<number>', 'the tracking number')
  .addOption(officer())
  .action((number: string, options: Acts) => onCase(number, options.officer, { type: 'RemindInstitution' }));

try {
  await program.parseAsync();
} catch (error) {
  if (!isStartupError(error)) throw error;
  process.stderr.write(`${error.message}\n(${error.code})\n`);
  process.exitCode = 2;
}
