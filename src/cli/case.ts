import type { ComplaintCommands } from '../commands/command-handler.js';
import type { ComplaintCommand } from '../commands/complaint/commands.js';
import { publicStatus } from '../commands/complaint/public-status.js';
import { unmaskSubject } from '../commands/unmask/unmask-subject.js';
import type { Policies } from '../commands/policies/policies.js';
import type { Taxonomy } from '../commands/taxonomy/taxonomy.js';
import { lookupKey, parseTrackingNumber } from '../commands/tracking-number.js';
import type { Codec, EventLog } from '../events/event-log.js';
import type { EventStore } from '../events/store.js';
import type { Clock } from '../platform/clock.js';
import { openReader } from '../replay/masking.js';
import { caseFileText, sessionOfCase } from './case-file.js';
import { messageOf, type ExitCode, type Output } from './output.js';

export interface CaseCommand {
  readonly trackingNumber: string;
  /** Undefined: only show where the case is. */
  readonly command?: ComplaintCommand | undefined;
  /** Who acts: a staff id, never a name. */
  readonly officer: string;
  readonly pepper: Buffer;
  readonly policy: Policies;
  readonly cases: ComplaintCommands;
  readonly findComplaint: (lookup: string) => Promise<{ readonly complaintId: string } | undefined>;
  readonly output: Output;
  /** What `show` reads the file of the case from. Without it only the state is shown. */
  readonly file?: CaseFileSource | undefined;
  /** Show the texts of the file too, after recording who reads them and why. */
  readonly read?: { readonly reason: string | undefined; readonly officer: string | undefined } | undefined;
}

export interface CaseFileSource {
  readonly store: Pick<EventStore, 'readStream' | 'readAll'>;
  readonly codec: Pick<Codec, 'decode' | 'openText'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly clock: Clock;
}

/** The codes that `classify` takes, with their words. */
export const codesHelp = ({ categories, institutions }: Taxonomy): string => {
  const list = (entries: readonly { readonly code: string; readonly label: { readonly en: string } }[]): string =>
    entries.map(({ code, label }) => `  ${code.padEnd(28)} ${label.en}`).join('\n');
  return `\nCategories:\n${list(categories)}\n\nInstitutions:\n${list(institutions)}`;
};

const show = async ({ cases, policy, output }: CaseCommand, complaintId: string): Promise<void> => {
  const { state } = await cases.loadCase(complaintId);
  const view = publicStatus(state, policy);
  const due = view?.nextStepDue ?? null;
  const next = policy.cases.words[state.state ?? 'received'];
  output.out(
    [
      `state        ${state.state ?? 'not opened yet'}`,
      `public       ${view?.words ?? next.status.en}`,
      `last change  ${view?.lastChange ?? '-'}`,
      `category     ${state.category ?? 'open'}`,
      `institution  ${state.institution ?? 'open'}`,
      `next step    ${view?.nextStep ?? next.next.en}${due === null ? '' : ` (by ${due})`}`,
      '',
    ].join('\n'),
  );
};

/** Prints the file of the case. Gives why not, when the reading was not allowed. */
const showFile = async ({ file, read, output }: CaseCommand, complaintId: string): Promise<string | undefined> => {
  const sessionId = file === undefined ? undefined : await sessionOfCase(file, complaintId);
  if (file === undefined || sessionId === undefined) return undefined;
  if (read !== undefined) {
    const { reason, officer } = read;
    if (reason === undefined || officer === undefined) {
      return '--read needs --reason "why" and --officer <staff id>: both are recorded.';
    }
    const unmasked = await unmaskSubject(file, { subject: sessionId, reason, officer, tool: 'case' });
    if (!unmasked.ok) return unmasked.refusal.message;
    output.err('This reading is recorded.\n');
  }
  const reader = read === undefined ? undefined : openReader(file.codec);
  output.out(`\n${await caseFileText(file, { complaintId, sessionId }, reader)}`);
  return undefined;
};

/**
 * `citizen case show | move | classify | remind | write …`: an officer's way to a case until the staff pages exist. The decider's rules hold
 * here as everywhere.
 * @returns 0 when done, 1 when a rule refused it or there is no such case, 2 when it could not be done
 */
export const runCase = async (command: CaseCommand): Promise<ExitCode> => {
  const { output, cases } = command;
  const number = parseTrackingNumber(command.trackingNumber);
  if (number === undefined) {
    output.err('That is not a tracking number: a symbol is missing or mistyped. Its form is OMB-XXXX-XXXX-XXXX.\n');
    return 1;
  }
  try {
    const found = await command.findComplaint(lookupKey(command.pepper, number));
    if (found === undefined) {
      output.err('There is no complaint with this number.\n');
      return 1;
    }
    if (command.command !== undefined) {
      const actor = { kind: 'officer', id: command.officer } as const;
      const outcome = await cases.handle(found.complaintId, command.command, { actor });
      if (!outcome.ok) {
        output.err(`${outcome.refusal.message} (${outcome.refusal.code})\n`);
        return 1;
      }
    }
    await show(command, found.complaintId);
    const refused = await showFile(command, found.complaintId);
    if (refused === undefined) return 0;
    output.err(`${refused}\n`);
    return 1;
  } catch (error) {
    output.err(`It could not be done: ${messageOf(error)}\n`);
    return 2;
  }
};
