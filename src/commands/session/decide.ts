import type { SessionEvent } from '../../events/catalogue/session.js';
import type { Actor } from '../../events/envelope.js';
import { refuse, type Decision } from '../decision.js';
import { createEvolveSession } from './evolve.js';
import type { SessionCommand } from './commands.js';
import * as conversation from './decide-conversation.js';
import * as caseRequest from './decide-case-request.js';
import * as classification from './decide-classification.js';
import * as draft from './decide-draft.js';
import * as identity from './decide-identity.js';
import * as filing from './decide-filing.js';
import { deriveState } from './derive-state.js';
import type { CommandType, Rule, SessionContext } from './rules.js';
import type { SessionState } from './state.js';

interface Entry<T extends CommandType> {
  /** Who may ask for it. */
  readonly by: readonly Actor['kind'][];
  readonly rule: Rule<T>;
}

const forCitizen: readonly Actor['kind'][] = ['citizen', 'agent', 'system'];
const agentOnly: readonly Actor['kind'][] = ['agent', 'system'];
const officerOnly: readonly Actor['kind'][] = ['officer'];

const entries: { readonly [T in CommandType]: Entry<T> } = {
  StartSession: { by: ['citizen', 'officer', 'system'], rule: conversation.startSession },
  PostUserMessage: { by: ['citizen', 'system'], rule: conversation.postUserMessage },
  StartFiling: { by: forCitizen, rule: draft.startFiling },
  RecordDetails: { by: forCitizen, rule: draft.recordDetails },
  WithdrawEvidence: { by: forCitizen, rule: draft.withdrawEvidence },
  FinishEvidence: { by: forCitizen, rule: draft.finishEvidence },
  ProposeClassification: { by: agentOnly, rule: classification.proposeClassification },
  SettleClassification: { by: forCitizen, rule: classification.settleClassification },
  Signpost: { by: forCitizen, rule: classification.signpost },
  ProvideIdentity: { by: forCitizen, rule: identity.provideIdentity },
  ShowAnswers: { by: forCitizen, rule: draft.showAnswers },
  ReopenAnswer: { by: forCitizen, rule: draft.reopenAnswer },
  SubmitComplaint: { by: forCitizen, rule: filing.submitComplaint },
  WithdrawDraft: { by: forCitizen, rule: filing.withdrawDraft },
  StartAgain: { by: forCitizen, rule: filing.startAgain },
  AddEvidenceToFiled: { by: forCitizen, rule: filing.addEvidenceToFiled },
  OpenTracking: { by: forCitizen, rule: filing.openTracking },
  RecordTrackingLookup: { by: agentOnly, rule: filing.recordTrackingLookup },
  GrantCaseAccess: { by: agentOnly, rule: filing.grantCaseAccess },
  CloseTracking: { by: forCitizen, rule: filing.closeTracking },
  PrepareCaseRequest: { by: forCitizen, rule: caseRequest.prepareCaseRequest },
  DropCaseRequest: { by: forCitizen, rule: caseRequest.dropCaseRequest },
  MakeCaseRequest: { by: forCitizen, rule: caseRequest.makeCaseRequest },
  RequestErasure: { by: forCitizen, rule: conversation.requestErasure },
  RequestHuman: { by: forCitizen, rule: conversation.requestHuman },
  ChangeLanguage: { by: forCitizen, rule: conversation.changeLanguage },
  ReplyAsAgent: { by: agentOnly, rule: conversation.replyAsAgent },
  FailTurn: { by: agentOnly, rule: conversation.failTurn },
  BindSession: { by: ['citizen', 'system'], rule: conversation.bindSession },
  RevokeSession: { by: ['citizen', 'officer', 'system'], rule: conversation.revokeSession },
  JoinAsOfficer: { by: officerOnly, rule: conversation.joinAsOfficer },
  ReplyAsOfficer: { by: officerOnly, rule: conversation.replyAsOfficer },
  LeaveAsOfficer: { by: officerOnly, rule: conversation.leaveAsOfficer },
  ErasePersonalData: { by: ['officer', 'system'], rule: conversation.erasePersonalData },
};

/** A decision together with the state that it leads to, for whoever decides several commands in a row. */
export type SessionStep =
  | { readonly ok: true; readonly events: readonly SessionEvent[]; readonly state: SessionState }
  | Extract<Decision<SessionEvent>, { ok: false }>;

/**
 * Decides one command and folds its events. Adds SessionStateChanged, here and nowhere else, whenever the state that follows
 * from the facts is no longer the announced one.
 * @param state as `evolveSession` made it from all events of the stream
 * @returns the events that make the command true (none: it already is) and the state after them, or a refusal
 */
export const stepSession = (command: SessionCommand, state: SessionState, context: SessionContext): SessionStep => {
  const { by, rule } = entries[command.type];
  if (!by.includes(context.actor.kind)) return refuse('wrong_actor', 'This is not yours to ask for.');
  if (!state.started && command.type !== 'StartSession')
    return refuse('session_unknown', 'There is no such conversation.');
  const decision = rule(command as never, state, context);
  if (!decision.ok || decision.events.length === 0) return decision.ok ? { ok: true, events: [], state } : decision;
  const evolve = createEvolveSession(context.policy.saysYes);
  // Only the id of UserMessageReceived means something to the state: it is the message id.
  const id = command.type === 'PostUserMessage' ? command.messageId : '';
  const after = decision.events.reduce((folded, event) => evolve(folded, { event, id }), state);
  const to = deriveState(after);
  if (to === after.announced) return { ok: true, events: decision.events, state: after };
  const announcement: SessionEvent = { type: 'SessionStateChanged', data: { from: after.announced, to } };
  // What ends a turn is shown with the state that it leads to: a reply that ends a failure is no reply in `error`, and a failure is.
  const endsTurn = command.type === 'ReplyAsAgent' || command.type === 'FailTurn';
  return {
    ok: true,
    events: endsTurn ? [announcement, ...decision.events] : [...decision.events, announcement],
    state: evolve(after, { event: announcement, id }),
  };
};

/**
 * The session's decider: which events make the command true, or why not. Pure.
 * @see stepSession which also gives the state after them
 */
export const decideSession = (
  command: SessionCommand,
  state: SessionState,
  context: SessionContext,
): Decision<SessionEvent> => {
  const step = stepSession(command, state, context);
  return step.ok ? { ok: true, events: step.events } : step;
};
