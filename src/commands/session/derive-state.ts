import type { SessionStateName } from '../../events/catalogue/session.js';
import type { Draft, SessionState } from './state.js';

// The state that the citizen sees follows from what is still missing (domain.md section 2). There is no wizard to get lost in.

export type Part = 'description' | 'evidence' | 'classification' | 'identity';

const stateOfPart: Readonly<Record<Part, SessionStateName>> = {
  description: 'complaint_collection',
  evidence: 'evidence_upload',
  classification: 'classification',
  identity: 'identity_collection',
};

type Facts = Pick<SessionState, 'draft' | 'evidence'>;

/** Whether there is something to file: a description, or a voice note instead. */
export const isDescribed = ({ draft, evidence }: Facts): boolean =>
  draft.description !== null || evidence.some((item) => item.mimeType.startsWith('audio/'));

const isClassified = ({ classification }: Draft): boolean =>
  classification !== null && classification.outcome !== 'proposed';

/** The parts of the draft that are not settled yet, in the order in which they are asked; identity is always last. */
export const missing = (facts: Facts): readonly Part[] => {
  const open: Readonly<Record<Part, boolean>> = {
    description: !isDescribed(facts),
    evidence: facts.draft.evidenceStep === 'open',
    classification: !isClassified(facts.draft),
    identity: facts.draft.identity === null,
  };
  return (Object.keys(open) as Part[]).filter((part) => open[part]);
};

/** How much of the intake is done: settled parts and the filing itself, each a fifth; 0 to 1. */
export const completeness = (state: Pick<SessionState, 'draft' | 'evidence' | 'filed'>): number =>
  state.filed === null ? (4 - missing(state).length) / 5 : 1;

/**
 * The wire state that follows from the facts. While the answers are shown the state is `submission`, whatever optional part
 * was left out: asking to file is how a citizen passes over the rest.
 */
export const deriveState = (state: SessionState): SessionStateName => {
  if (state.failed) return 'error';
  if (state.tracking) return 'tracking';
  if (state.addingEvidence) return 'evidence_upload';
  if (state.ended !== null) return 'completed';
  if (!state.filing) return 'greeting';
  if (state.draft.reopened !== null) return stateOfPart[state.draft.reopened];
  if (state.draft.answersShown) return 'submission';
  const next = missing(state)[0];
  return next === undefined ? 'submission' : stateOfPart[next];
};
