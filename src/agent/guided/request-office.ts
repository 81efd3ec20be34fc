import { disputableStates, openStates } from '../../commands/complaint/transitions.js';
import { wasFiledHere } from '../../commands/session/state.js';
import type { CaseState } from '../../events/catalogue/complaint.js';
import { complaintAtHand } from './case-question.js';
import { line, plan, type Plan, type View } from './plan.js';
import { ownComplaint } from './respond-office.js';

// What a citizen wishes of the office about a filed complaint: to answer it, to dispute its closing, to withdraw. What is said
// when that cannot be is the truth of the situation: nothing filed, only a draft, still open, closed, withdrawn already.

/** The filed complaint that is meant when none lies open: the one filed here before the conversation began again. */
const complaintMeant = (view: View): string | undefined => ownComplaint(view) ?? view.state.earlierComplaintIds.at(-1);

/** Nothing is filed that the office could do anything about: only a draft, or not even that. */
const notFiled = ({ state }: View): Plan =>
  plan({
    say: [line(state.filing && state.ended === null ? 'request_draft_only' : 'request_none_filed')],
    quiet: true,
  });

/** "I want to answer the office", also in the middle of something else. */
export const onAnswerOffice = (view: View): Plan => {
  const { state } = view;
  const complaintId = complaintAtHand({ ...state, caseRequest: null }) ?? state.openedCases.at(-1);
  if (complaintId !== undefined)
    return plan({ commands: [{ type: 'PrepareCaseRequest', complaintId, request: 'answer', messageIds: [] }] });
  return complaintMeant(view) === undefined ? notFiled(view) : plan({ say: [line('answer_nothing')] });
};

/** What a closed case can no longer be asked for, said as it is. */
const toFiled = (
  view: View,
  request: 'dispute' | 'withdraw',
  allowed: ReadonlySet<CaseState>,
  otherwise: 'dispute_not_closed' | 'withdraw_closed',
): Plan => {
  const complaintId = complaintMeant(view);
  if (complaintId === undefined) return notFiled(view);
  // Of a complaint that was filed here every closing was told; of one that was opened with its key nothing is known.
  const known = view.state.cases[complaintId] ?? (wasFiledHere(view.state, complaintId) ? 'received' : undefined);
  if (known === 'withdrawn') return plan({ say: [line('request_withdrawn')] });
  if (known !== undefined && !allowed.has(known)) return plan({ say: [line(otherwise)] });
  return plan({ commands: [{ type: 'PrepareCaseRequest', complaintId, request, messageIds: [] }] });
};

export const onDispute = (view: View): Plan => toFiled(view, 'dispute', disputableStates, 'dispute_not_closed');

/** A filed complaint is withdrawn with a yes to a plain question. */
export const onWithdrawFiled = (view: View): Plan => toFiled(view, 'withdraw', openStates, 'withdraw_closed');
