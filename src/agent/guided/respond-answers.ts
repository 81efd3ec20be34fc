import { contactInDescription } from './quick-replies.js';
import { COURT_MATTER } from './mandate.js';
import { referralLabels } from './labels.js';
import { line, plan, type GuidedCommand, type Plan, type View } from './plan.js';
import { isReady, type Question } from './questions.js';
import { onWithdrawFiled } from './request-office.js';
import { onIdentity, stayAnonymous } from './respond-identity.js';
import { keepDraft, putAside, startAfresh } from './respond-filing.js';
import { openDraft, referralHint } from './respond-story.js';

// Short answers mean what the pending question makes of them. One table per answer, every question in each.

type ByQuestion = Readonly<Record<Question, (view: View) => Plan>>;

/** Asks the same once more. */
const again = (view: View): Plan => plan({ ask: view.pending });
const carryOn = (): Plan => plan({});
const fine = (): Plan => plan({ say: [line('not_now')], quiet: true });

const court = (beforeCourt: 'yes' | 'no' | 'not_sure') => (): Plan =>
  plan({ commands: [{ type: 'RecordDetails', details: { beforeCourt }, descriptionMode: 'append' }] });

const endEvidence = ({ state }: View): Plan =>
  plan({ commands: [{ type: 'FinishEvidence', outcome: state.evidence.length > 0 ? 'done' : 'skipped' }] });

const endAddedEvidence = (view: View): Plan => plan({ ...endEvidence(view), say: [line('add_evidence_done')] });

const settle = (outcome: 'accepted' | 'not_sure', { state, knowledge }: View): Plan =>
  plan({
    commands: [{ type: 'SettleClassification', outcome }],
    say:
      outcome === 'accepted'
        ? [line('class_accepted'), ...referralHint(state.draft.classification?.category ?? null, knowledge)]
        : [line('class_not_sure')],
  });

/** Not sure of the kind, or of the office: the other one stays. */
const unsureOfPart = ({ pending }: View): Plan =>
  pending === 'kind'
    ? plan({
        commands: [{ type: 'SettleClassification', outcome: 'changed', category: null }],
        say: [line('class_not_sure')],
      })
    : plan({
        commands: [{ type: 'SettleClassification', outcome: 'changed', institution: null }],
        say: [line('office_not_sure')],
      });

const waitForFiles = (view: View): Plan => plan({ say: [line('evidence_waiting')], ask: view.pending, quiet: true });

const goOnOutside = (): Plan => plan({ mandateSettled: true });

/** Which entry of the taxonomy makes the matter one for another body. */
export const outsideCode = ({ state, knowledge }: Pick<View, 'state' | 'knowledge'>): string | null => {
  if (state.draft.beforeCourt === 'yes') return COURT_MATTER;
  const { institution } = knowledge.classifier.classify(state.draft.description ?? '');
  return knowledge.mandate(state.draft.description ?? '', institution);
};

/** The citizen goes elsewhere: nothing is filed. */
export const doNotFile = (view: View): Plan => {
  const { state, knowledge } = view;
  if (state.ended === 'filed') return onWithdrawFiled(view);
  if (!state.filing || state.ended !== null) return fine();
  const entry = knowledge.taxonomy.outOfMandate.find(({ code }) => code === outsideCode(view));
  const targets = entry?.referral ?? [];
  return plan({
    commands: [{ type: 'Signpost', referralTarget: targets[0] ?? null }],
    say: [
      targets.length === 0
        ? line('signposted_plain')
        : line('signposted', { targets: referralLabels(knowledge.taxonomy, targets) }),
    ],
  });
};

const keepWords = (view: View): Plan => {
  const { reopened, description } = view.state.draft;
  if (reopened !== 'description' || description === null) return plan({});
  const same: GuidedCommand = { type: 'RecordDetails', details: { description }, descriptionMode: 'replace' };
  return plan({ commands: [same], say: [line('description_same')] });
};

const useKnownContact = (view: View): Plan => {
  const contact = contactInDescription(view.state);
  return onIdentity(
    { kind: 'identity', mode: contact?.name === undefined ? 'confidential' : 'named', contact: contact ?? {} },
    view,
  );
};

const noContact = (): Plan => plan({ contactSettled: true });
const backToCard = (view: View): Plan =>
  plan({ commands: [...openDraft(view), { type: 'ShowAnswers' }], showCard: true });

/** What was to be changed stays as it was: back to the card, or on to what was not asked yet. */
export const keepOld = (view: View): Plan => {
  const { reopened } = view.state.draft;
  if (reopened === 'evidence') return endEvidence(view);
  if (!isReady(view.state)) return keepWords(view);
  return { ...backToCard(view), say: [line(reopened === 'description' ? 'description_same' : 'kept_as_is')] };
};
/** A yes that was sent before the answers were shown is none to them; other words are not clear enough. */
const clearYes = ({ message, state, knowledge }: View): Plan =>
  plan({
    say: [line(knowledge.saysYes(message.text, state.language) ? 'confirm_early' : 'confirm_plain')],
    quiet: true,
  });
const leaveTracking = (): Plan => plan({ commands: [{ type: 'CloseTracking' }], say: [line('tracking_back')] });
const beginFiling = (view: View): Plan => plan({ commands: openDraft(view) });
const offer = (): Plan => plan({ say: [line('not_now'), line('welcome_offer')], quiet: true });

const yes: ByQuestion = {
  welcome: beginFiling,
  description: again,
  more: again,
  evidence: waitForFiles,
  court: court('yes'),
  mandate: goOnOutside,
  confirm_class: (view) => settle('accepted', view),
  category: again,
  kind: again,
  institution: again,
  identity: (view) => onIdentity({ kind: 'identity', mode: 'named', contact: {} }, view),
  identity_known: useKnownContact,
  name: again,
  name_confidential: again,
  contact: again,
  confirm: clearYes,
  change_what: again,
  tracking_number: again,
  add_evidence: waitForFiles,
  after_filing: again,
  after_end: beginFiling,
  case_answer: again,
  answer_confirm: again,
  add_confirm: again,
  dispute_why: again,
  dispute_confirm: again,
  withdraw_confirm: again,
  restart_confirm: startAfresh,
  discard_confirm: putAside,
  noise: carryOn,
};

const no: ByQuestion = {
  welcome: offer,
  description: keepWords,
  more: carryOn,
  evidence: endEvidence,
  court: court('no'),
  mandate: doNotFile,
  confirm_class: () => plan({ ask: 'category' }),
  category: (view) => settle('not_sure', view),
  kind: unsureOfPart,
  institution: unsureOfPart,
  identity: stayAnonymous,
  identity_known: () => plan({ ask: 'identity' }),
  name: stayAnonymous,
  name_confidential: stayAnonymous,
  contact: noContact,
  confirm: () => plan({ ask: 'change_what' }),
  change_what: backToCard,
  tracking_number: leaveTracking,
  add_evidence: endAddedEvidence,
  after_filing: fine,
  after_end: fine,
  case_answer: again,
  answer_confirm: again,
  add_confirm: again,
  dispute_why: again,
  dispute_confirm: again,
  withdraw_confirm: again,
  restart_confirm: keepDraft,
  discard_confirm: keepDraft,
  noise: keepWords,
};

const skip: ByQuestion = {
  ...no,
  welcome: beginFiling,
  court: court('not_sure'),
  mandate: goOnOutside,
  confirm_class: (view) => settle('not_sure', view),
  identity_known: stayAnonymous,
  confirm: clearYes,
};

const notSure: ByQuestion = {
  ...skip,
  identity: () => plan({ say: [line('info_confidential'), line('info_anonymous')], ask: 'identity', quiet: true }),
  identity_known: () =>
    plan({ say: [line('info_confidential'), line('info_anonymous')], ask: 'identity', quiet: true }),
  confirm: () => plan({ say: [line('not_now'), line('info_next_open')] }),
  change_what: backToCard,
};

const afterFilingName = (table: ByQuestion): ByQuestion => ({
  ...table,
  // After filing nobody becomes anonymous again: the wish to give a name is simply dropped.
  name: (view) => (view.state.ended === 'filed' ? fine() : table.name(view)),
});

export const answerTables = {
  yes,
  no: afterFilingName(no),
  skip: afterFilingName(skip),
  done: afterFilingName(skip),
  not_sure: afterFilingName(notSure),
} as const;
