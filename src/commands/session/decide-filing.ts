import type { SessionEvent } from '../../events/catalogue/session.js';
import { accept, refuse } from '../decision.js';
import { isDescribed } from './derive-state.js';
import { erasedContent, notDrafting, type Rule } from './rules.js';

/**
 * Files the draft. The citizen has seen the answers, has said yes in their own words afterwards, nothing changed in between, and
 * that yes is the very message that is being answered.
 */
export const submitComplaint: Rule<'SubmitComplaint'> = (command, state, { policy, answering }) => {
  const { complaintId, trackingNumber, trackingLookup, accessKeyHash } = command;
  if (state.filed?.complaintId === complaintId || state.earlierComplaintIds.includes(complaintId)) return accept();
  const refused = notDrafting(state) ?? erasedContent(state);
  if (refused !== undefined) return refused;
  if (!isDescribed(state)) return refuse('description_missing', 'Please say first what happened.');
  if (!state.draft.answersShown) return refuse('answers_not_shown', 'The answers have to be shown before filing.');
  if (state.confirmedBy === null || state.confirmedBy !== answering)
    return refuse('not_confirmed', 'The citizen has not said yes to the answers shown.');
  const { identity, classification } = state.draft;
  return accept({
    type: 'ComplaintSubmitted',
    data: {
      complaintId,
      trackingNumber,
      trackingLookup,
      accessKeyHash,
      confirmedBy: state.confirmedBy,
      standing: identity?.standing ?? policy.standing.anonymous,
      identityMode: identity?.mode ?? 'anonymous',
      category: classification?.category ?? null,
      institution: classification?.institution ?? null,
      evidenceIds: state.evidence.map((item) => item.evidenceId),
    },
  });
};

export const withdrawDraft: Rule<'WithdrawDraft'> = (_command, state) => {
  if (state.ended === 'withdrawn') return accept();
  if (state.ended === 'filed')
    return refuse('already_submitted', 'This complaint has been filed; withdraw the case instead.');
  if (!state.filing) return refuse('not_filing', 'No complaint is being written.');
  return accept({ type: 'DraftWithdrawn', data: {} });
};

export const startAgain: Rule<'StartAgain'> = (_command, state) => {
  const { filing, ended, tracking, evidence, failed } = state;
  const untouched = !filing && ended === null && !tracking && !failed && evidence.length === 0;
  return untouched ? accept() : accept({ type: 'SessionRestarted', data: {} });
};

export const addEvidenceToFiled: Rule<'AddEvidenceToFiled'> = (_command, state) => {
  if (state.ended !== 'filed')
    return refuse('not_filing', 'Nothing has been filed yet that evidence could be added to.');
  return state.addingEvidence ? accept() : accept({ type: 'AnswerReopened', data: { part: 'evidence' } });
};

export const openTracking: Rule<'OpenTracking'> = (_command, state) =>
  state.tracking ? accept() : accept({ type: 'TrackingOpened', data: {} });

export const recordTrackingLookup: Rule<'RecordTrackingLookup'> = ({ trackingLookup, found }) =>
  accept<SessionEvent>({ type: 'TrackingLookedUp', data: { trackingLookup, found } });

export const grantCaseAccess: Rule<'GrantCaseAccess'> = ({ complaintId }, state) =>
  // The latest one is the one that is spoken of, so that opening an earlier one again is an event too.
  state.openedCases.at(-1) === complaintId ? accept() : accept({ type: 'CaseAccessGranted', data: { complaintId } });

export const closeTracking: Rule<'CloseTracking'> = (_command, state) =>
  state.tracking ? accept({ type: 'TrackingClosed', data: {} }) : accept();
