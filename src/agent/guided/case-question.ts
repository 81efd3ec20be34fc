import type { SessionState } from '../../commands/session/state.js';

/** What the assistant asks about a filed complaint. */
export type CaseQuestion =
  'add_confirm' | 'case_answer' | 'answer_confirm' | 'dispute_why' | 'dispute_confirm' | 'withdraw_confirm';

/** The complaint of this conversation that waits for the citizen, as far as it was told; the one that asked last. */
const askedComplaint = ({ cases }: Pick<SessionState, 'cases'>): string | undefined =>
  Object.entries(cases).findLast(([, state]) => state === 'info_requested')?.[0];

/** The complaint that the citizen's next words to the office are about. */
export const complaintAtHand = (state: SessionState): string | undefined =>
  state.caseRequest?.complaintId ?? askedComplaint(state);

/**
 * The question about a filed complaint that stands before all others, or undefined. While another complaint is being written,
 * what the office asked waits: the story of one must never become the answer to the other.
 */
export const caseQuestion = (state: SessionState): CaseQuestion | undefined => {
  const { caseRequest, filing, ended, tracking } = state;
  if (caseRequest !== null) {
    const written = caseRequest.messageIds.length > 0;
    switch (caseRequest.request) {
      case 'answer':
        return written ? 'answer_confirm' : 'case_answer';
      case 'add':
        return 'add_confirm';
      case 'dispute':
        return written ? 'dispute_confirm' : 'dispute_why';
      case 'withdraw':
        return 'withdraw_confirm';
    }
  }
  const busy = tracking || state.addingEvidence || (filing && ended === null);
  return busy || askedComplaint(state) === undefined ? undefined : 'case_answer';
};
