import { Option, type Command } from 'commander';
import { createComplaintCommands } from '../commands/command-handler.js';
import type { ComplaintCommand } from '../commands/complaint/commands.js';
import { createPolicies } from '../commands/policies/policies.js';
import { caseStates, closeReasons } from '../events/catalogue/complaint.js';
import { systemClock } from '../platform/clock.js';
import { deriveKey } from '../platform/secrets.js';
import { createQueries } from '../projections/queries/index.js';
import { codesHelp, runCase, type CaseCommand } from './case.js';
import { processOutput } from './output.js';
import type { WithStorage } from './with-storage.js';

interface Acts {
  readonly officer: string;
}
type Move = Omit<Extract<ComplaintCommand, { type: 'MoveCase' }>, 'type' | 'to'>;
type OnCase = (
  trackingNumber: string,
  officer: string,
  command?: ComplaintCommand,
  read?: CaseCommand['read'],
) => Promise<void>;

/** The part that every command on a case shares. */
const createOnCase =
  (withStorage: WithStorage): OnCase =>
  (trackingNumber, officer, command, read) =>
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

const officer = (): Option => new Option('--officer <staff id>', 'who acts; never a name').default('cli');

const addShow = (cases: Command, onCase: OnCase): void => {
  cases
    .command('show')
    .description(
      'where the case is, what its citizen reads in public, and what is in its file (texts only with --read)',
    )
    .argument('<number>', 'the tracking number')
    .option('--read', 'show the texts and names of files too; who reads and why is recorded first')
    .option('--reason <text>', 'why they are read, 10 to 500 letters')
    .option('--officer <staff id>', 'who reads; never a name')
    .action((number: string, { read, ...who }: { read?: boolean; reason?: string; officer?: string }) =>
      onCase(number, 'cli', undefined, read === true ? { reason: who.reason, officer: who.officer } : undefined),
    );
};

const addMove = (cases: Command, onCase: OnCase): void => {
  cases
    .command('move')
    .description('move the case on; the rules of its lifecycle hold')
    .argument('<number>', 'the tracking number')
    .addArgument(cases.createArgument('<state>', 'the next state').choices(caseStates))
    .addOption(new Option('--reason <code>', 'why it is closed').choices(closeReasons))
    .option('--target <code>', 'the institution asked, the body referred to, or the complaint that this one doubles')
    .option('--citizen-consented', 'the citizen agreed to the referral')
    .option('--question <text>', 'what the citizen is asked, word for word (needed for info_requested)')
    .option('--note <text>', 'a note; for not_admissible it is needed, and the citizen reads it')
    .addOption(officer())
    .action((number: string, to: (typeof caseStates)[number], { officer: staffId, ...move }: Move & Acts) =>
      onCase(number, staffId, { type: 'MoveCase', to, ...move }),
    )
    .addHelpText(
      'after',
      `
Examples:
  citizen case move OMB-XXXX-XXXX-XXXX screening
  citizen case move OMB-XXXX-XXXX-XXXX info_requested --question "On which day was it?"
  citizen case move OMB-XXXX-XXXX-XXXX institution_asked --target police`,
    );
};

const addClassify = (cases: Command, onCase: OnCase): void => {
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
};

/** Adds `citizen case …`: an officer's way to a case until the staff pages exist. */
export const addCaseCommands = (program: Command, withStorage: WithStorage): void => {
  const onCase = createOnCase(withStorage);
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
  addShow(cases, onCase);
  addMove(cases, onCase);
  addClassify(cases, onCase);
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
};
