import { isDescribed } from '../../commands/session/derive-state.js';
import type { Aside, Intent, IntentOf, Understood } from './intents.js';
import { officeLabels } from './labels.js';
import { line, plan, type GuidedCommand, type Line, type Plan, type View } from './plan.js';
import { isFirstReply } from './questions.js';
import { answerTables, doNotFile } from './respond-answers.js';
import { onIdentity, onShareName } from './respond-identity.js';
import {
  filesLine,
  onChange,
  onClassify,
  onDetail,
  onFiles,
  onStory,
  openDraft,
  proposalFor,
} from './respond-story.js';

const filedNumber = ({ state }: View): string | null =>
  state.ended === 'filed' ? (state.filed?.trackingNumber ?? null) : null;

/** Skips what is still missing and shows the answers; the citizen files with a yes after that. */
const onSubmit = (view: View): Plan => {
  const { state, knowledge } = view;
  const number = filedNumber(view);
  if (number !== null) return plan({ say: [line('filed_already', { number })], quiet: true });
  if (!isDescribed(state)) return plan({ commands: openDraft(view), say: [line('nothing_yet')] });
  const { draft, evidence } = state;
  const proposal = proposalFor(draft.description, knowledge);
  const classify: GuidedCommand =
    proposal.category === null && proposal.institution === null
      ? { type: 'SettleClassification', outcome: 'not_sure' }
      : proposal;
  return plan({
    commands: [
      ...openDraft(view),
      ...(draft.evidenceStep === 'open'
        ? [{ type: 'FinishEvidence', outcome: evidence.length > 0 ? 'done' : 'skipped' } as const]
        : []),
      ...(draft.classification === null ? [classify] : []),
      ...(draft.identity === null ? [{ type: 'ProvideIdentity', mode: 'anonymous' } as const] : []),
      { type: 'ShowAnswers' },
    ],
    showCard: true,
  });
};

const onNewComplaint = (view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed')
    return plan({ commands: [{ type: 'StartAgain' }, { type: 'StartFiling' }], say: [line('new_complaint')] });
  return plan({ commands: openDraft(view) });
};

const onStartAgain = (view: View): Plan =>
  view.state.ended === 'filed'
    ? onNewComplaint(view)
    : plan({ commands: [{ type: 'StartAgain' }, { type: 'StartFiling' }], say: [line('restarted')] });

const onWithdraw = (view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed') return plan({ say: [line('filed_withdraw')], quiet: true });
  if (!state.filing || state.ended !== null) return plan({ say: [line('not_now')], quiet: true });
  return plan({ commands: [{ type: 'WithdrawDraft' }], say: [line('withdrawn')] });
};

const onShowAnswers = (view: View): Plan =>
  isDescribed(view.state) ? plan({ showCard: true }) : plan({ say: [line('card_empty')] });

const onTracking = ({ number }: IntentOf<'tracking'>): Plan =>
  plan({ commands: [{ type: 'OpenTracking' }], effect: { kind: 'look_up', number } });

const onTrackingAsk = (view: View): Plan => {
  const own = filedNumber(view);
  return own === null
    ? plan({ commands: [{ type: 'OpenTracking' }] })
    : plan({ effect: { kind: 'look_up', number: own }, quiet: true });
};

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

const onDistress = (): Plan =>
  plan({ commands: [{ type: 'RequestHuman', reason: 'distress' }], say: [line('distress')], quiet: true });

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

const onUnclear = ({ pending, message }: View): Plan =>
  pending === 'tracking_number' && /\d/u.test(message.text)
    ? plan({ say: [line('tracking_malformed')], quiet: true })
    : plan({ say: [line('unclear')] });

const onBack = (view: View): Plan =>
  view.state.tracking
    ? plan({ commands: [{ type: 'CloseTracking' }], say: [line('tracking_back')] })
    : answerTables.no.change_what(view);

const byIntent = (intent: Intent, view: View): Plan => {
  switch (intent.kind) {
    case 'story':
      return onStory(intent, view);
    case 'files':
      return onFiles(view);
    case 'greeting':
      return plan({ say: isFirstReply(view.state) ? [] : [line('hello_again')] });
    case 'thanks':
      return plan({ say: [line('thanks')] });
    case 'unclear':
      return onUnclear(view);
    case 'question':
      return onQuestion(intent, view);
    case 'yes':
    case 'no':
    case 'not_sure':
    case 'skip':
    case 'done':
      return answerTables[intent.kind][view.pending](view);
    case 'submit':
      return onSubmit(view);
    case 'do_not_file':
      return doNotFile(view);
    case 'want_to_file':
    case 'new_complaint':
      return onNewComplaint(view);
    case 'start_again':
      return onStartAgain(view);
    case 'withdraw':
      return onWithdraw(view);
    case 'show_answers':
      return onShowAnswers(view);
    case 'identity':
      return onIdentity(intent, view);
    case 'share_name':
      return onShareName(intent, view);
    case 'change':
      return onChange(intent, view);
    case 'classify':
      return onClassify(intent, view);
    case 'detail':
      return onDetail(intent, view);
    case 'tracking':
      return onTracking(intent);
    case 'tracking_ask':
    case 'track_own':
      return onTrackingAsk(view);
    case 'back':
      return onBack(view);
    case 'add_evidence':
      return onAddEvidence(view);
    case 'person':
      return onPerson(view);
    case 'distress':
      return onDistress();
    case 'language':
      return onLanguage(intent, view);
  }
};

/** What a story tells on the side is done with it. */
const withAside = (main: Plan, aside: Aside, view: View): Plan => {
  const parts: Plan[] = [main];
  if (aside.distress) parts.unshift({ ...onDistress(), quiet: false });
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

/**
 * What to do and say about a message that was understood. Pure; holds no rule: whatever it asks for, the decider may refuse.
 * A yes counts as the citizen's word for filing only when the session's own state says so.
 */
export const respond = ({ intent, aside }: Understood, view: View): Plan => {
  const confirmed = view.pending === 'confirm' && view.state.confirmedBy === view.message.messageId;
  if (confirmed) return plan({ effect: { kind: 'submit' } });
  const main = withAside(byIntent(intent, view), aside, view);
  return { ...main, say: [...filesLine(view), ...main.say] };
};
