import { accept, refuse } from '../decision.js';
import { entryOf } from '../persistent-map.js';
import { erasedContent, type Refused, type Rule } from './rules.js';
import { wasFiledHere, type SessionState } from './state.js';

// What a citizen tells the office about a filed complaint: prepared first, passed on with their yes. Whether the case still takes
// it, its own decider says when the request arrives there.

const MAX_MESSAGES = 50;

/** Whether this conversation may speak for the complaint: it was filed here, or its access key was shown here. */
export const followsCase = (state: SessionState, complaintId: string): boolean =>
  wasFiledHere(state, complaintId) || state.openedCases.includes(complaintId);

const notYours = (state: SessionState, complaintId: string): Refused | undefined =>
  followsCase(state, complaintId)
    ? undefined
    : refuse('not_your_case', 'This conversation may only see the public status of that complaint.');

export const prepareCaseRequest: Rule<'PrepareCaseRequest'> = ({ complaintId, request, messageIds }, state) => {
  const refused = notYours(state, complaintId) ?? erasedContent(state);
  if (refused !== undefined) return refused;
  if (messageIds.some((id) => entryOf(state.messages, id) === undefined))
    return refuse('message_unknown', 'There is no such message.');
  if (messageIds.length > MAX_MESSAGES)
    return refuse('message_too_long', `At most ${MAX_MESSAGES} messages go to the office at once.`);
  return accept({ type: 'CaseRequestPrepared', data: { complaintId, request, messageIds: [...messageIds] } });
};

export const dropCaseRequest: Rule<'DropCaseRequest'> = (_command, state) =>
  state.caseRequest === null ? accept() : accept({ type: 'CaseRequestDropped', data: {} });

export const makeCaseRequest: Rule<'MakeCaseRequest'> = (_command, { caseRequest, ...state }) => {
  if (caseRequest === null) return refuse('not_confirmed', 'Nothing was prepared for the office.');
  const { complaintId, request, messageIds, fresh } = caseRequest;
  const refused = notYours({ caseRequest, ...state }, complaintId);
  if (refused !== undefined) return refused;
  if (request !== 'withdraw' && messageIds.length === 0)
    return refuse('message_empty', 'Please write first what the office should know.');
  // What the citizen said before they were asked is no yes to it.
  if (fresh) return refuse('not_confirmed', 'The citizen has not said yes to it yet.');
  return accept({ type: 'CaseRequestMade', data: { complaintId, request, messageIds: [...messageIds] } });
};
