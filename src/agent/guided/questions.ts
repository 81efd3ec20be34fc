import { caseQuestion } from './case-question.js';
import { isDescribed, type Part } from '../../commands/session/derive-state.js';
import type { SessionState } from '../../commands/session/state.js';

/** Everything the assistant asks. The code is recorded with the reply, so that a short answer is understood by it. */
export const questionCodes = [
  'welcome',
  'description',
  'more',
  'evidence',
  'court',
  'mandate',
  'confirm_class',
  'category',
  'kind',
  'institution',
  'identity',
  'identity_known',
  'name',
  'name_confidential',
  'contact',
  'confirm',
  'change_what',
  'tracking_number',
  'add_evidence',
  'after_filing',
  'after_end',
  'case_answer',
  'answer_confirm',
  'add_confirm',
  'dispute_why',
  'dispute_confirm',
  'withdraw_confirm',
  'restart_confirm',
  'discard_confirm',
  'noise',
] as const;
export type Question = (typeof questionCodes)[number];

/** Asked before a draft is thrown away. */
export const discards: readonly Question[] = ['restart_confirm', 'discard_confirm'];

/** Their yes does something for good. */
export const decisive: readonly Question[] = [
  ...discards,
  'confirm',
  'answer_confirm',
  'add_confirm',
  'dispute_confirm',
  'withdraw_confirm',
];

const drafting = (state: SessionState): boolean => state.filing && state.ended === null;
const described = (state: SessionState): boolean => drafting(state) && isDescribed(state);

const classOpen = (state: SessionState): boolean =>
  described(state) && (state.draft.reopened === 'classification' || state.draft.classification?.outcome === 'proposed');

/** Whether an answer to the question still means something in this state; a file or an officer may have come in between. */
const stillOpen: Readonly<Record<Question, (state: SessionState) => boolean>> = {
  welcome: (state) => !state.filing && state.ended === null,
  description: (state) => drafting(state) && (!isDescribed(state) || state.draft.reopened === 'description'),
  more: (state) => described(state) && state.draft.evidenceStep === 'open',
  evidence: (state) => described(state) && (state.draft.evidenceStep === 'open' || state.draft.reopened === 'evidence'),
  court: (state) => described(state) && state.draft.classification === null,
  mandate: (state) => described(state) && state.draft.classification === null,
  confirm_class: (state) => described(state) && state.draft.classification?.outcome === 'proposed',
  category: classOpen,
  kind: classOpen,
  institution: classOpen,
  identity: (state) => described(state) && (state.draft.identity === null || state.draft.reopened === 'identity'),
  identity_known: (state) => described(state) && state.draft.identity === null,
  name: (state) => described(state) || state.filed !== null,
  name_confidential: (state) => described(state),
  contact: (state) => described(state) && state.draft.identity !== null,
  confirm: (state) => described(state) && state.draft.answersShown,
  change_what: described,
  tracking_number: (state) => state.tracking,
  add_evidence: (state) => state.addingEvidence,
  after_filing: (state) => state.ended === 'filed',
  after_end: (state) => state.ended === 'signposted' || state.ended === 'withdrawn',
  case_answer: (state) => caseQuestion(state) === 'case_answer',
  answer_confirm: (state) => caseQuestion(state) === 'answer_confirm',
  add_confirm: (state) => caseQuestion(state) === 'add_confirm',
  dispute_why: (state) => caseQuestion(state) === 'dispute_why',
  dispute_confirm: (state) => caseQuestion(state) === 'dispute_confirm',
  restart_confirm: drafting,
  discard_confirm: drafting,
  noise: (state) => state.ended !== 'filed' && (!described(state) || state.draft.evidenceStep === 'open'),
  withdraw_confirm: (state) => caseQuestion(state) === 'withdraw_confirm',
};

const partOf: Partial<Readonly<Record<Question, Part>>> = {
  description: 'description',
  evidence: 'evidence',
  category: 'classification',
  kind: 'classification',
  institution: 'classification',
  identity: 'identity',
  name: 'identity',
  name_confidential: 'identity',
};

/** Asks for one half of the classification; the other one stays as it is. */
export const asksPart = (question: Question): question is 'kind' | 'institution' =>
  question === 'kind' || question === 'institution';

/** Every answer was given or passed over before: what is changed now leads back to the card. */
export const isReady = ({ draft }: SessionState): boolean =>
  draft.evidenceStep !== 'open' && draft.classification !== null && draft.identity !== null;

/** Whether the question asks for an answer anew that may also stay as it was. */
export const mayKeep = (question: Question, state: SessionState): boolean => {
  const part = partOf[question];
  if (part === undefined || state.draft.reopened !== part || !drafting(state)) return false;
  return part === 'description' || part === 'evidence' || isReady(state);
};

const isQuestion = (code: string | null): code is Question =>
  (questionCodes as readonly (string | null)[]).includes(code);

const fallback: readonly Question[] = [
  'tracking_number',
  'add_evidence',
  'after_filing',
  'after_end',
  'welcome',
  'description',
  'confirm',
  'evidence',
  'confirm_class',
  'court',
  'identity',
];

/** The question that the citizen's next words answer: the one asked last, if it is still open, or what the state suggests. */
export const pendingQuestion = (state: SessionState): Question => {
  const asked = state.lastAsked;
  // What is on its way to the office, or what the office asked: it goes before the rest.
  const ofCase = caseQuestion(state);
  if (ofCase !== undefined) return ofCase;
  // Tracking and "add evidence" are entered on purpose; what was asked before them rests meanwhile.
  if (state.tracking) return 'tracking_number';
  if (isQuestion(asked) && stillOpen[asked](state)) return asked;
  return fallback.find((question) => stillOpen[question](state)) ?? 'change_what';
};

/** Nothing was said to the citizen yet: every reply of this assistant ends with a question. */
export const isFirstReply = (state: SessionState): boolean => state.lastAsked === null;
