import { isDescribed } from '../../commands/session/derive-state.js';
import type { Aside, Intent, IntentOf, Understood } from './intents.js';
import { officeLabels } from './labels.js';
import { line, plan, type GuidedCommand, type Line, type Plan, type View } from './plan.js';
import { isFirstReply, mayKeep } from './questions.js';
import { answerTables, doNotFile, keepOld } from './respond-answers.js';
import {
  onAnotherComplaint,
  onNewComplaint,
  onShowAnswers,
  onStartAgain,
  onSubmit,
  onWithdraw,
} from './respond-filing.js';
import { onIdentity, onShareName } from './respond-identity.js';
import { onAnswerOffice, onDispute } from './request-office.js';
import { toOpenedCase, toTheOffice, waitsForCitizen, withoutOldWithdrawal } from './respond-office.js';
import {
  onBack,
  onErase,
  onGoOn,
  onGrumble,
  onNoise,
  onOwnKey,
  onOwnNumber,
  onRepeat,
  onStop,
  onThanks,
  onUnclear,
} from './respond-remarks.js';
import { filesLine, onChange, onClassify, onDetail, onFiles, onStory, openDraft } from './respond-story.js';
import { onAskNumber, onOpenCase, onTracking, onTrackingAsk } from './respond-tracking.js';

const onAddEvidence = (view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed') return plan({ commands: [{ type: 'AddEvidenceToFiled' }] });
  if (!isDescribed(state)) return plan({ commands: openDraft(view) });
  const reopen: readonly GuidedCommand[] =
    state.draft.evidenceStep === 'open' ? [] : [{ type: 'ReopenAnswer', part: 'evidence' }];
  return plan({
    commands: [...openDraft(view), ...reopen],
    say: [line('evidence_waiting')],
    ask: 'evidence',
    quiet: true,
  });
};

const personLine = ({ state }: View): Line => line(state.assistance === 'bot' ? 'person' : 'person_already');
const onPerson = (view: View): Plan =>
  plan({ commands: [{ type: 'RequestHuman', reason: 'asked' }], say: [personLine(view)], quiet: true });

const kindWords = (): Plan =>
  plan({ commands: [{ type: 'RequestHuman', reason: 'distress' }], say: [line('distress')], quiet: true });

/** Kind words. What is cried before anything else was told is kept too: for the person who looks at it, it is the story so far. */
const onDistress = (view: View): Plan => {
  const { state, message } = view;
  const elsewhere = state.tracking || waitsForCitizen(view) || state.openedCases.length > 0;
  if (elsewhere || state.ended !== null || isDescribed(state)) return kindWords();
  const { commands, say } = kindWords();
  const keep: GuidedCommand = {
    type: 'RecordDetails',
    details: { description: message.text },
    descriptionMode: 'append',
  };
  return plan({
    commands: [...commands, ...openDraft(view), keep],
    say: [...say, line('description_kept')],
    ask: 'more',
    quiet: true,
  });
};

/** "What did I say?", "what did you write?": of the complaint that is written here, or else of the one that was opened. */
const onAskingWhatIsWritten = (view: View): Plan =>
  isDescribed(view.state) || view.state.openedCases.length === 0 ? onShowAnswers(view) : onTrackingAsk(view);

const onLanguage = ({ language }: IntentOf<'language'>, { state }: View): Plan =>
  plan({
    commands: [{ type: 'ChangeLanguage', language }],
    say: [line(state.language === language ? 'language_same' : 'language_changed')],
  });

const onQuestion = ({ topic }: IntentOf<'question'>, { state, knowledge }: View): Plan => {
  switch (topic) {
    case 'next':
      return plan({ say: [line(state.ended === 'filed' ? 'info_next_filed' : 'info_next_open')] });
    case 'office':
      return plan({ say: [line('info_office', { offices: officeLabels(knowledge.taxonomy) })] });
    default:
      return plan({ say: [line(`info_${topic}`)] });
  }
};

type Handlers = { readonly [K in Intent['kind']]: (intent: Intent & { kind: K }, view: View) => Plan };

const handlers: Handlers = {
  story: onStory,
  files: (_, view) => onFiles(view),
  greeting: (_, view) => plan({ say: isFirstReply(view.state) ? [] : [line('hello_again')] }),
  thanks: (_, view) => onThanks(view),
  unclear: (_, view) => onUnclear(view),
  question: onQuestion,
  yes: (_, view) => answerTables.yes[view.pending](view),
  no: (_, view) => answerTables.no[view.pending](view),
  not_sure: (_, view) => answerTables.not_sure[view.pending](view),
  skip: (_, view) => (mayKeep(view.pending, view.state) ? keepOld(view) : answerTables.skip[view.pending](view)),
  keep_old: (_, view) => keepOld(view),
  done: (_, view) => answerTables.done[view.pending](view),
  submit: (_, view) => onSubmit(view),
  do_not_file: (_, view) => doNotFile(view),
  want_to_file: (_, view) => onNewComplaint(view),
  new_complaint: (_, view) => onAnotherComplaint(view),
  start_again: (_, view) => onStartAgain(view),
  withdraw: (_, view) => onWithdraw(view),
  stop: (_, view) => onStop(view),
  go_on: (_, view) => onGoOn(view),
  repeat: (_, view) => onRepeat(view),
  own_number: (_, view) => onOwnNumber(view),
  own_key: (_, view) => onOwnKey(view),
  erase: (_, view) => onErase(view),
  noise: onNoise,
  grumble: (_, view) => onGrumble(view),
  show_answers: (_, view) => onAskingWhatIsWritten(view),
  identity: onIdentity,
  share_name: onShareName,
  change: onChange,
  classify: onClassify,
  detail: onDetail,
  tracking: onTracking,
  open_case: onOpenCase,
  tracking_ask: (_, view) =>
    view.state.ended === 'filed' || waitsForCitizen(view) ? onTrackingAsk(view) : onAskNumber(),
  track_own: (_, view) => onTrackingAsk(view),
  back: (_, view) => onBack(view),
  add_evidence: (_, view) => onAddEvidence(view),
  answer_office: (_, view) => onAnswerOffice(view),
  dispute: (_, view) => onDispute(view),
  person: (_, view) => onPerson(view),
  distress: (_, view) => onDistress(view),
  language: onLanguage,
};

const byIntent = (intent: Intent, view: View): Plan =>
  // The handler of an intent's own kind takes that intent.
  (handlers[intent.kind] as (intent: Intent, view: View) => Plan)(intent, view);

/** What a story tells on the side is done with it. */
const withAside = (main: Plan, aside: Aside, view: View): Plan => {
  const parts: Plan[] = [main];
  if (aside.distress) parts.unshift({ ...kindWords(), quiet: false });
  else if (aside.person) parts.push({ ...onPerson(view), quiet: false });
  if (aside.identity === 'anonymous' && view.state.ended !== 'filed' && view.state.draft.identity === null) {
    parts.push(
      plan({
        commands: [{ type: 'ProvideIdentity', mode: 'anonymous' }],
        say: [line('anonymous_before')],
      }),
    );
  } else if (aside.identity === 'confidential' && view.state.ended !== 'filed') {
    parts.push(plan({ say: [line('confidential_before')] }));
  }
  return {
    ...main,
    commands: parts.flatMap(({ commands }) => commands),
    say: parts.flatMap(({ say }) => say),
    ...(aside.number === null || main.effect !== undefined
      ? {}
      : { effect: { kind: 'look_up', number: aside.number } }),
  };
};

const silent: Aside = { distress: false, identity: null, person: false, number: null };

const withFiles = (main: Plan, view: View): Plan => ({ ...main, say: [...filesLine(view), ...main.say] });

/**
 * What to do and say about a message that was understood. Pure; holds no rule: whatever it asks for, the decider may refuse.
 * A yes counts as the citizen's word for filing only when the session's own state says so.
 */
export const respond = ({ intent, aside }: Understood, view: View): Plan => {
  const confirmed = view.pending === 'confirm' && view.state.confirmedBy === view.message.messageId;
  if (confirmed) return plan({ effect: { kind: 'submit' } });
  const forOffice = toTheOffice(intent, view) ?? toOpenedCase(intent, view);
  const main = forOffice ?? withoutOldWithdrawal(byIntent(intent, view), view);
  // In words for the office only a cry for help is heard on the side.
  const heard = forOffice === undefined ? aside : { ...silent, distress: aside.distress };
  return withFiles(withAside(main, heard, view), view);
};
