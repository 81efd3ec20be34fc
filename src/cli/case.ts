import type { ComplaintCommands } from '../commands/command-handler.js';
import type { ComplaintCommand } from '../commands/complaint/commands.js';
import { publicStatus } from '../commands/complaint/public-status.js';
import type { Policies } from '../commands/policies/policies.js';
import { lookupKey, parseTrackingNumber } from '../commands/tracking-number.js';
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
}

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
      `next step    ${view?.nextStep ?? next.next.en}${due === null ? '' : ` (by ${due})`}`,
      '',
    ].join('\n'),
  );
};

/**
 * `citizen case show | move | remind | write …`: an officer's way to a case until the staff pages exist. The decider's rules hold
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
    return 0;
  } catch (error) {
    output.err(`It could not be done: ${messageOf(error)}\n`);
    return 2;
  }
};
