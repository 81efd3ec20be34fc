import type { CaseState } from '../../events/catalogue/complaint.js';

/**
 * Where a case may go from each state (domain.md section 3). An answer of the institution leads back to `under_review`;
 * `reopened` after a closure needs the citizen's dispute, and `withdrawn` the citizen (see `decide.ts`).
 */
export const transitions: Readonly<Record<CaseState, readonly CaseState[]>> = {
  received: ['screening'],
  screening: ['info_requested', 'under_review', 'not_admissible', 'referred', 'duplicate'],
  info_requested: ['screening', 'under_review', 'closed'],
  under_review: ['institution_asked', 'mediation', 'investigation'],
  institution_asked: ['under_review', 'institution_overdue'],
  institution_overdue: ['under_review', 'investigation'],
  mediation: ['resolved', 'investigation'],
  investigation: ['recommendation', 'closed'],
  recommendation: ['resolved', 'reported'],
  referred: ['closed', 'reopened'],
  not_admissible: ['closed'],
  duplicate: ['closed'],
  reported: ['resolved', 'closed'],
  resolved: [],
  closed: [],
  reopened: ['under_review'],
  withdrawn: [],
  erased: [],
};

/** States in which the office still works on the case: the citizen may write to it and may withdraw it. */
export const openStates: ReadonlySet<CaseState> = new Set<CaseState>([
  'received',
  'screening',
  'info_requested',
  'under_review',
  'institution_asked',
  'institution_overdue',
  'mediation',
  'investigation',
  'recommendation',
  'referred',
  'reopened',
]);

/** Closures that the citizen may dispute within the time allowed. */
export const disputableStates: ReadonlySet<CaseState> = new Set<CaseState>(['resolved', 'closed', 'not_admissible']);
