import type { Language } from '../../../events/catalogue/session.js';
import { caseQuestion } from '../../guided/case-question.js';
import { languageOf } from '../../guided/language-used.js';
import type { Plan, View } from '../../guided/plan.js';
import { pendingQuestion } from '../../guided/questions.js';
import { onAnswerOffice, onDispute, onWithdrawFiled } from '../../guided/request-office.js';
import { onErase } from '../../guided/respond-remarks.js';
import { fileFacts } from '../facts.js';
import type { CheckedCall } from './definitions.js';
import { lookUp, missed, submit } from './file-and-look-up.js';
import { speaks } from './own-words.js';
import { issueAll, openDraft, recordDetails, settleClassification } from './record.js';
import { recordIdentity } from './record-identity.js';
import { no, ok, type ToolAnswer, type Workbench } from './workbench.js';

const caseRequests = { answer: onAnswerOffice, dispute: onDispute, withdraw: onWithdrawFiled } as const;

/**
 * Does what the guided assistant does, in its words: prepares what the citizen wants to tell the office of a filed complaint (the
 * program asks, and the citizen's yes sends it), or records the wish to have their data erased.
 */
const asGuided = (respond: (view: View) => Plan, bench: Workbench): ToolAnswer => {
  const state = bench.tools.state();
  const { message, knowledge } = bench;
  const { commands, say } = respond({
    state,
    pending: pendingQuestion(state),
    message: {
      messageId: message.messageId,
      text: message.text,
      files: message.evidenceIds.length,
      handedKey: message.handedKey,
    },
    knowledge,
  });
  const answer = issueAll(bench, ...commands);
  if (answer.code !== 'ok') return answer;
  bench.done.effects.push({ say });
  const [first] = say;
  // Nothing was done: why not, the program says in its own words.
  if (commands.length === 0 && first !== undefined && 'key' in first)
    return no(first.key, 'It cannot be done. The program tells the citizen why below your answer; do not guess at it.');
  return ok({ note: 'The program goes on below your answer. Do not ask anything yourself.' });
};

/** What is still being written is no matter of the office: giving it up throws a draft away. */
const caseRequest = (request: keyof typeof caseRequests, bench: Workbench): ToolAnswer => {
  const { filing, ended } = bench.tools.state();
  if (bench.done.cardShown || bench.done.sure !== null) return oneQuestion;
  if (request === 'withdraw' && filing && ended === null) return withdrawDraft(bench);
  return asGuided(caseRequests[request], bench);
};

/** Only what this very message speaks of. */
const askedFor = (of: Parameters<typeof speaks>[0], bench: Workbench, then: () => ToolAnswer): ToolAnswer =>
  speaks(of, bench.message.text)
    ? then()
    : no('not_their_words', 'The citizen has not asked for this in this message. Ask them first.');

/** A draft is not thrown away on a model's word: the program asks, and the citizen's yes goes to the guided assistant. */
const throwAway = (
  ask: 'discard_confirm' | 'restart_confirm',
  bench: Workbench,
  then: () => ToolAnswer,
): ToolAnswer => {
  const { filing, ended } = bench.tools.state();
  if (!filing || ended !== null) return then();
  if (bench.done.cardShown) return oneQuestion;
  bench.done.sure = ask;
  return ok({ note: 'The program asks the citizen below your answer whether they are sure. Do not ask yourself.' });
};

const withdrawDraft = (bench: Workbench): ToolAnswer =>
  throwAway('discard_confirm', bench, () => issueAll(bench, { type: 'WithdrawDraft' }));

const changeAnswer = (part: Extract<CheckedCall, { name: 'change_answer' }>['args']['part'], bench: Workbench) =>
  bench.tools.state().ended === 'filed' && part === 'evidence'
    ? issueAll(bench, { type: 'AddEvidenceToFiled' })
    : issueAll(bench, { type: 'ReopenAnswer', part });

/** A model that heard the language says no more than what was noticed; the citizen's own wish is kept as such. */
const changeLanguage = (language: Language, bench: Workbench): ToolAnswer =>
  issueAll(bench, { type: 'ChangeLanguage', language, noticed: languageOf(bench.message.text) === language });

/** One thing at a time: a yes to the card files, a yes to the other question throws away or goes to the office. */
const anotherQuestion = ({ done, tools }: Workbench): boolean =>
  done.sure !== null || caseQuestion(tools.state()) !== undefined;
const oneQuestion = no(
  'one_question',
  'The program asks the citizen something else in this turn; their yes must mean one thing. Do this after their answer.',
);

const showAnswers = (bench: Workbench): ToolAnswer => {
  if (anotherQuestion(bench)) return oneQuestion;
  if (bench.tools.state().tracking) bench.tools.issue({ type: 'CloseTracking' });
  const result = bench.tools.issue({ type: 'ShowAnswers' });
  if (!result.ok) return missed(result.refusal, bench);
  bench.done.cardShown = true;
  bench.done.missed = null;
  return ok({ note: 'The program shows the answers below your text and asks whether they are right.' });
};

/** Does what one call asks for, as far as the rules allow it, and says what came of it. */
export const perform = async (call: CheckedCall, bench: Workbench): Promise<ToolAnswer> => {
  switch (call.name) {
    case 'record_details':
      return recordDetails(call.args, bench);
    case 'propose_classification': {
      const { category = null, institution = null, confidence } = call.args;
      return issueAll(bench, ...openDraft(bench), { type: 'ProposeClassification', category, institution, confidence });
    }
    case 'settle_classification':
      return settleClassification(call.args, bench);
    case 'record_identity':
      return recordIdentity(call.args, bench);
    case 'finish_evidence':
      return issueAll(bench, { type: 'FinishEvidence', outcome: call.args.outcome });
    case 'change_answer':
      return changeAnswer(call.args.part, bench);
    case 'show_check_answers':
      return showAnswers(bench);
    case 'submit':
      return submit(bench);
    case 'look_up_tracking_number':
      return lookUp(call.args.number, bench);
    case 'start_tracking':
      return issueAll(bench, { type: 'OpenTracking' });
    case 'stop_tracking':
      return issueAll(bench, { type: 'CloseTracking' });
    case 'list_evidence': {
      const shares = {
        sharesIdentity: bench.settings.modelSharesIdentity,
        sharesFileNames: bench.settings.modelSharesFileNames,
      };
      return ok({ files: bench.tools.state().evidence.map((item, at) => fileFacts(item, at, shares)) });
    }
    case 'case_request':
      return caseRequest(call.args.request, bench);
    case 'request_erasure':
      return askedFor('erase', bench, () => asGuided(onErase, bench));
    case 'request_person':
      return issueAll(bench, { type: 'RequestHuman', reason: call.args.reason });
    case 'signpost':
      return askedFor('signpost', bench, () =>
        issueAll(bench, { type: 'Signpost', referralTarget: call.args.referral_target ?? null }),
      );
    case 'withdraw_draft':
      return withdrawDraft(bench);
    case 'start_new_complaint':
      return throwAway('restart_confirm', bench, () =>
        askedFor('restart', bench, () => issueAll(bench, { type: 'StartAgain' }, { type: 'StartFiling' })),
      );
    case 'change_language':
      return changeLanguage(call.args.language, bench);
    case 'offer_choices':
      bench.done.asks = call.args.question;
      return ok();
  }
};
