import { isDescribed } from '../../commands/session/derive-state.js';
import { wasFiledHere, type SessionState } from '../../commands/session/state.js';
import { cardLines } from './card.js';
import { caseQuestion } from './case-question.js';
import type { Contact } from './extract.js';
import type { Knowledge } from './knowledge.js';
import { categoryLabel, institutionLabel, referralLabels } from './labels.js';
import { line, type GuidedCommand, type Paragraph, type Plan } from './plan.js';
import { asksPart, isFirstReply, type Question } from './questions.js';
import { contactInDescription } from './quick-replies.js';
import { outsideCode } from './respond-answers.js';
import { proposalFor } from './respond-story.js';
import { wordCount } from './text-matching.js';

/** What happened in this turn so far, as far as the next question depends on it. */
export interface Progress {
  /** The question that the message answered. */
  readonly pending: Question;
  readonly plan: Plan;
  readonly before: SessionState;
  /** A classification was proposed in this turn. */
  readonly proposed: boolean;
  /** The answers were shown in this turn for the first time, or again after a change. */
  readonly shown: boolean;
}

export type Lead = { readonly command: GuidedCommand } | { readonly question: Question };

const isShort = (state: SessionState, { settings }: Knowledge): boolean =>
  state.draft.description !== null && wordCount(state.draft.description) < settings.shortDescriptionWords;

const askedForMore = (state: SessionState, { pending, before }: Progress, knowledge: Knowledge): boolean =>
  isShort(state, knowledge) &&
  state.evidence.length === 0 &&
  pending !== 'more' &&
  state.draft.description !== before.draft.description;

const contactMissing = (state: SessionState, { pending, plan, before }: Progress): boolean => {
  const { identity, answersShown } = state.draft;
  if (identity === null || identity.mode === 'anonymous' || answersShown) return false;
  if (identity.phone !== null || identity.email !== null || plan.contactSettled === true) return false;
  return pending === 'contact' || before.draft.identity !== identity;
};

const leadThroughClass = (state: SessionState, progress: Progress, knowledge: Knowledge): Lead | undefined => {
  const { classification, beforeCourt, identity } = state.draft;
  if (classification === null) {
    if (progress.plan.mandateSettled !== true) {
      if (outsideCode({ state, knowledge }) !== null) return { question: 'mandate' };
      if (beforeCourt === null) return { question: 'court' };
    }
    return { command: proposalFor(state.draft.description, knowledge) };
  }
  if (classification.outcome !== 'proposed') return undefined;
  if (progress.pending === 'category') return { question: 'category' };
  // Identity is asked last: with it settled, an unanswered proposal was passed over and is seen on the card.
  if (!progress.proposed && progress.pending !== 'confirm_class' && identity !== null) return undefined;
  const proposesSomething = classification.category !== null || classification.institution !== null;
  return { question: proposesSomething ? 'confirm_class' : 'category' };
};

const leadThroughDraft = (state: SessionState, progress: Progress, knowledge: Knowledge): Lead => {
  const { draft } = state;
  if (draft.reopened === 'description' || !isDescribed(state)) return { question: 'description' };
  if (draft.reopened === 'evidence') return { question: 'evidence' };
  if (draft.reopened === 'classification')
    return { question: asksPart(progress.pending) ? progress.pending : 'category' };
  if (draft.reopened === 'identity') return { question: 'identity' };
  if (draft.answersShown) return { question: 'confirm' };
  if (draft.evidenceStep === 'open')
    return { question: askedForMore(state, progress, knowledge) ? 'more' : 'evidence' };
  const ofClass = leadThroughClass(state, progress, knowledge);
  if (ofClass !== undefined) return ofClass;
  if (draft.identity === null)
    return { question: contactInDescription(state) === null ? 'identity' : 'identity_known' };
  if (contactMissing(state, progress)) return { question: 'contact' };
  return { command: { type: 'ShowAnswers' } };
};

/** The next thing to ask, or a command to issue before it is known. Follows from the state alone and from this turn. */
export const lead = (state: SessionState, progress: Progress, knowledge: Knowledge): Lead => {
  const ofCase = caseQuestion(state);
  if (ofCase !== undefined) return { question: ofCase };
  if (state.tracking) return { question: 'tracking_number' };
  if (state.addingEvidence) return { question: 'add_evidence' };
  if (state.ended === 'filed') return { question: 'after_filing' };
  if (state.ended !== null) return { question: 'after_end' };
  if (!state.filing) return { question: 'welcome' };
  return leadThroughDraft(state, progress, knowledge);
};

const mandateParagraphs = (state: SessionState, knowledge: Knowledge): readonly Paragraph[] => {
  const entry = knowledge.taxonomy.outOfMandate.find(({ code }) => code === outsideCode({ state, knowledge }));
  const why =
    entry === undefined
      ? []
      : [
          line('mandate_explain', {
            explanation: entry.explanation,
            targets: referralLabels(knowledge.taxonomy, entry.referral),
          }),
        ];
  return [...why, line('mandate_ask')];
};

const classParagraph = (state: SessionState, { taxonomy }: Knowledge): Paragraph => {
  const { category = null, institution = null } = state.draft.classification ?? {};
  if (category !== null && institution !== null)
    return line('class_ask_both', {
      category: categoryLabel(taxonomy, category),
      institution: institutionLabel(taxonomy, institution),
    });
  if (category !== null) return line('class_ask_category', { category: categoryLabel(taxonomy, category) });
  if (institution !== null)
    return line('class_ask_institution', { institution: institutionLabel(taxonomy, institution) });
  return line('category_ask');
};

const confirmParagraphs = (state: SessionState, progress: Progress, knowledge: Knowledge): readonly Paragraph[] => {
  if (!progress.shown && progress.plan.showCard !== true) return [line('confirm_ask')];
  const anonymous = state.draft.identity === null || state.draft.identity.mode === 'anonymous';
  return [
    ...(progress.before.draft.answersShown && progress.shown ? [line('changed_show_again')] : []),
    cardLines(state, knowledge),
    ...(anonymous ? [line('informant_warning'), line('name_in_words')] : []),
    line('confirm_ask'),
  ];
};

const contactWords = ({ name, phone, email }: Contact): string =>
  [name, phone, email].filter((value) => value !== undefined).join(', ');

/** What is prepared is about a complaint that was not filed here. */
const isOpenedCase = (state: SessionState): boolean =>
  state.caseRequest !== null && !wasFiledHere(state, state.caseRequest.complaintId);

/** The words of a question. */
export const questionParagraphs = (
  question: Question,
  state: SessionState,
  progress: Progress,
  knowledge: Knowledge,
): readonly Paragraph[] => {
  switch (question) {
    case 'welcome':
      return [line(isFirstReply(state) ? 'welcome_ask' : 'welcome_offer')];
    case 'description':
      return [line(state.draft.reopened === 'description' ? 'description_change_ask' : 'description_ask')];
    case 'evidence':
      return [line(state.evidence.length > 0 ? 'evidence_more_ask' : 'evidence_ask')];
    case 'mandate':
      return mandateParagraphs(state, knowledge);
    case 'confirm_class':
      return [classParagraph(state, knowledge)];
    case 'identity_known':
      return [line('identity_known_ask', { contact: contactWords(contactInDescription(state) ?? {}) })];
    case 'confirm':
      return confirmParagraphs(state, progress, knowledge);
    case 'withdraw_confirm':
      return [line(isOpenedCase(state) ? 'withdraw_confirm_opened_ask' : 'withdraw_confirm_ask')];
    case 'restart_confirm':
    case 'discard_confirm':
      return [line('discard_ask')];
    case 'tracking_number':
      return [line('tracking_ask')];
    case 'after_filing':
      return [line('filed_ask')];
    case 'after_end':
      return [line('ended_ask')];
    default:
      return [line(`${question}_ask`)];
  }
};
