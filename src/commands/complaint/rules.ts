import type { ComplaintEvent } from '../../events/catalogue/complaint.js';
import type { Actor } from '../../events/envelope.js';
import type { Decision } from '../decision.js';
import type { Policies } from '../policies/policies.js';
import type { ComplaintCommand } from './commands.js';
import type { CaseFile } from './state.js';

/** What a case's decider knows besides the case. */
export interface CaseContext {
  readonly actor: Actor;
  readonly policy: Policies;
  readonly now: Date;
}

export type CaseRule<T extends ComplaintCommand['type']> = (
  command: Extract<ComplaintCommand, { type: T }>,
  file: CaseFile,
  context: CaseContext,
) => Decision<ComplaintEvent>;
