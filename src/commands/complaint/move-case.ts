import type { CaseState, ComplaintEvent } from '../../events/catalogue/complaint.js';
import { accept, refuse, type Decision } from '../decision.js';
import type { Policies } from '../policies/policies.js';
import { isInstitution, isReferralTarget } from '../taxonomy/taxonomy.js';
import type { ComplaintCommand } from './commands.js';
import type { CaseContext } from './rules.js';
import type { CaseFile, CloseReason } from './state.js';
import { transitions } from './transitions.js';

type MoveCase = Extract<ComplaintCommand, { type: 'MoveCase' }>;
type Move = Omit<MoveCase, 'type'>;

const DAY_MS = 86_400_000;
const inDays = (from: Date, days: number): Date => new Date(from.getTime() + days * DAY_MS);

/** When something must have happened after entering a state; the escalation of a late institution counts from the letter. */
const dueAfter = (to: CaseState, file: CaseFile, { cases }: Policies, now: Date): Date | undefined => {
  if (to === 'institution_overdue') {
    const asked = new Date(file.institutionAskedAt ?? now);
    return cases.escalationDays.map((days) => inDays(asked, days)).find((due) => due > now);
  }
  const days = cases.clockDays[to];
  return days === undefined ? undefined : inDays(now, days);
};

/** The event of a move that is known to be allowed, with its clock. */
export const caseMoved = (file: CaseFile, move: Move, { policy, now }: CaseContext): ComplaintEvent => {
  const due = dueAfter(move.to, file, policy, now);
  const optional = {
    reason: move.reason,
    target: move.target,
    citizenConsented: move.citizenConsented,
    dueAt: due?.toISOString(),
    note: move.note,
  };
  const given = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined && value !== ''),
  ) as typeof optional;
  return { type: 'CaseMoved', data: { from: file.state ?? 'received', to: move.to, ...given } };
};

/** The reasons that fit a closure from each state; the first one is taken when the move names none and it is the only one. */
const reasonsFor = (from: CaseState, to: CaseState): readonly CloseReason[] | undefined => {
  if (to === 'resolved')
    return from === 'mediation' ? ['mediated', 'remedied'] : ['recommendation_accepted', 'remedied'];
  if (to !== 'closed') return undefined;
  const byState: Partial<Record<CaseState, readonly CloseReason[]>> = {
    info_requested: ['no_answer'],
    investigation: ['no_maladministration'],
    referred: ['referred'],
    not_admissible: ['not_admissible'],
    duplicate: ['duplicate'],
    reported: ['remedied', 'recommendation_accepted'],
  };
  return byState[from] ?? [];
};

/** What is wrong with the question; a case waits for the citizen only when they were asked something. */
const questionFault = ({ to, question }: MoveCase, policy: Policies): ReturnType<typeof refuse> | undefined => {
  if (to !== 'info_requested')
    return question === undefined
      ? undefined
      : refuse('transition_not_allowed', 'A question goes with the state info_requested only.');
  if (question === undefined || question.trim() === '')
    return refuse('question_missing', 'Say what the citizen is asked: without a question they cannot answer.');
  const { maxChars } = policy.messages;
  return question.length > maxChars
    ? refuse('message_too_long', `A question has at most ${maxChars} characters.`)
    : undefined;
};

const missingFacts = (move: MoveCase, from: CaseState, policy: Policies): ReturnType<typeof refuse> | undefined => {
  const reasons = reasonsFor(from, move.to);
  if (reasons !== undefined && (move.reason === undefined || !reasons.includes(move.reason)))
    return refuse('reason_missing', `Closing from here needs one of these reasons: ${reasons.join(', ')}.`);
  if (move.to === 'not_admissible' && (move.note ?? '').trim() === '')
    return refuse('reason_missing', 'The citizen must be told why the office cannot take it up.');
  if (move.to === 'duplicate' && (move.target ?? '') === '')
    return refuse('reason_missing', 'Say which case this one doubles.');
  if (move.to === 'referred') {
    if (move.target === undefined || !isReferralTarget(policy.taxonomy, move.target))
      return refuse('unknown_institution', 'Say which body it is referred to.');
    if (move.citizenConsented !== true) return refuse('consent_missing', 'The citizen has to agree to the referral.');
  }
  if (move.to === 'institution_asked' && (move.target === undefined || !isInstitution(policy.taxonomy, move.target)))
    return refuse('unknown_institution', 'Say which institution is asked.');
  return undefined;
};

/** Moves a case along the table of transitions; nothing can be skipped. */
export const moveCase = (move: MoveCase, file: CaseFile, context: CaseContext): Decision<ComplaintEvent> => {
  const from = file.state;
  if (from === null) return refuse('case_unknown', 'There is no such case.');
  // Erasing is the system's, after the keys are gone, from wherever the case is.
  if (move.to === 'erased')
    return context.actor.kind !== 'system'
      ? refuse('wrong_actor', 'Only the system records an erasure.')
      : from === 'erased'
        ? accept()
        : accept(caseMoved(file, move, context));
  if (!transitions[from].includes(move.to))
    return refuse('transition_not_allowed', `A case cannot go from ${from} to ${move.to}.`);
  const fault = questionFault(move, context.policy) ?? missingFacts(move, from, context.policy);
  if (fault !== undefined) return fault;
  const moved = caseMoved(file, move, context);
  return move.question === undefined
    ? accept(moved)
    : accept<ComplaintEvent>(moved, { type: 'CitizenAsked', data: { question: move.question } });
};
