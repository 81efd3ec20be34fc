import type { SessionEvent } from '../../events/catalogue/session.js';
import { accept, refuse } from '../decision.js';
import { isDescribed } from './derive-state.js';
import { erasedContent, notDrafting, withoutBlanks, type Rule } from './rules.js';

export const startFiling: Rule<'StartFiling'> = (_command, state) => {
  if (state.ended === 'filed')
    return refuse('already_submitted', 'This complaint has been filed; start again for a new one.');
  const resume: SessionEvent[] = state.tracking ? [{ type: 'TrackingClosed', data: {} }] : [];
  return state.filing && state.ended === null
    ? accept(...resume)
    : accept<SessionEvent>(...resume, { type: 'FilingStarted', data: {} });
};

export const recordDetails: Rule<'RecordDetails'> = (command, state, { policy }) => {
  const refused = notDrafting(state) ?? erasedContent(state);
  if (refused !== undefined) return refused;
  const { description, ...others } = withoutBlanks(command.details);
  const old = state.draft.description;
  const whole = command.descriptionMode === 'append' && old !== null ? `${old}\n\n${description ?? ''}` : description;
  if ((whole?.length ?? 0) > policy.messages.maxDescriptionChars)
    return refuse('message_too_long', `A description has at most ${policy.messages.maxDescriptionChars} characters.`);
  if (Object.values(others).some((value) => value.length > policy.messages.maxDetailChars))
    return refuse('message_too_long', `A detail has at most ${policy.messages.maxDetailChars} characters.`);
  const fresh = Object.entries(others).filter(([field, value]) => state.draft[field as keyof typeof others] !== value);
  // The same words again settle a description that the citizen wanted to change.
  const settles = description !== undefined && (whole !== old || state.draft.reopened === 'description');
  if (fresh.length === 0 && !settles) return accept();
  return accept({
    type: 'DetailsRecorded',
    data: {
      details: { ...Object.fromEntries(fresh), ...(settles ? { description } : {}) },
      descriptionMode: command.descriptionMode,
    },
  });
};

export const finishEvidence: Rule<'FinishEvidence'> = ({ outcome }, state) => {
  const finished = accept<SessionEvent>({ type: 'EvidenceStepFinished', data: { outcome } });
  if (state.addingEvidence) return finished;
  const refused = notDrafting(state);
  if (refused !== undefined) return refused;
  const { evidenceStep, reopened } = state.draft;
  return evidenceStep === outcome && reopened !== 'evidence' ? accept() : finished;
};

/** What was taken back already, or never came, needs nothing. */
export const withdrawEvidence: Rule<'WithdrawEvidence'> = ({ evidenceId }, state) =>
  notDrafting(state) ??
  (state.evidence.some((item) => item.evidenceId === evidenceId)
    ? accept({ type: 'EvidenceWithdrawn', data: { evidenceId } })
    : accept());

export const showAnswers: Rule<'ShowAnswers'> = (_command, state) => {
  const refused = notDrafting(state);
  if (refused !== undefined) return refused;
  if (!isDescribed(state)) return refuse('description_missing', 'Please say first what happened.');
  return state.draft.answersShown ? accept() : accept({ type: 'AnswersShown', data: {} });
};

export const reopenAnswer: Rule<'ReopenAnswer'> = ({ part }, state) =>
  notDrafting(state) ?? (state.draft.reopened === part ? accept() : accept({ type: 'AnswerReopened', data: { part } }));
