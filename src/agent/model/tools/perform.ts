import { findTrackingNumberIn, parseTrackingNumber } from '../../../commands/tracking-number.js';
import type { Refusal } from '../../../commands/decision.js';
import type { AgentTools, LookUpResult } from '../../agent.js';
import { perform as performEffect } from '../../guided/effects.js';
import { plan, type Plan, type View } from '../../guided/plan.js';
import { pendingQuestion } from '../../guided/questions.js';
import { onAnswerOffice, onDispute, onWithdrawFiled } from '../../guided/respond-office.js';
import { onErase } from '../../guided/respond-remarks.js';
import { fileFacts } from '../facts.js';
import { OWN_NUMBER, ownNumberOf } from '../mask.js';
import type { CheckedCall } from './definitions.js';
import { isWrittenIn, speaks } from './own-words.js';
import { issueAll, openDraft, recordDetails, recordIdentity, settleClassification } from './record.js';
import { no, ok, type ToolAnswer, type Workbench } from './workbench.js';

/** Files, if the decider lets it; once. */
export const submit = async (bench: Workbench): Promise<ToolAnswer> => {
  const filed = { filed: true, note: 'The program shows the tracking number and the access key below your answer.' };
  const before = bench.tools.state();
  if (before.ended === 'filed' && bench.before.ended !== 'filed') return ok(filed);
  let refusal: Refusal | undefined;
  const tools: AgentTools = {
    ...bench.tools,
    submit: async () => {
      const result = await bench.tools.submit();
      if (!result.ok) refusal = result.refusal;
      return result;
    },
  };
  const effect = await performEffect(plan({ effect: { kind: 'submit' } }), tools, bench.knowledge);
  if (refusal !== undefined) return no(refusal.code, refusal.message);
  bench.done.effects.push(effect);
  return ok(filed);
};

/** The number must be one that the citizen wrote, or their own: nobody tries numbers out through the model. */
const numberFor = (asked: string, { said, before }: Workbench): string | undefined => {
  const own = ownNumberOf(before);
  if (own !== null && (asked.includes(OWN_NUMBER) || parseTrackingNumber(asked) === own)) return own;
  const theirs = parseTrackingNumber(asked);
  const written = said.some((text) => theirs !== undefined && findTrackingNumberIn(text) === theirs);
  return written || isWrittenIn(asked, said) ? asked : undefined;
};

const lookUp = async (asked: string, bench: Workbench): Promise<ToolAnswer> => {
  const number = numberFor(asked, bench);
  if (number === undefined) return no('not_their_words', 'The citizen did not write this number. Ask them for it.');
  let found: LookUpResult = { outcome: 'malformed' };
  const tools: AgentTools = { ...bench.tools, lookUp: async (text) => (found = await bench.tools.lookUp(text)) };
  const opened = issueAll(bench, { type: 'OpenTracking' });
  if (opened.code !== 'ok') return opened;
  bench.done.effects.push(await performEffect(plan({ effect: { kind: 'look_up', number } }), tools, bench.knowledge));
  return answerOf(found);
};

const answerOf = (found: LookUpResult): ToolAnswer =>
  found.outcome === 'found'
    ? ok({ ...found.status, note: 'The program shows this below your answer.' })
    : no(found.outcome, 'The program tells the citizen so below your answer.');

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
  return ok({ note: 'The program goes on below your answer. Do not ask anything yourself.' });
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
  bench.done.sure = ask;
  return ok({ note: 'The program asks the citizen below your answer whether they are sure. Do not ask yourself.' });
};

const changeAnswer = (part: Extract<CheckedCall, { name: 'change_answer' }>['args']['part'], bench: Workbench) =>
  bench.tools.state().ended === 'filed' && part === 'evidence'
    ? issueAll(bench, { type: 'AddEvidenceToFiled' })
    : issueAll(bench, { type: 'ReopenAnswer', part });

const showAnswers = (bench: Workbench): ToolAnswer => {
  const answer = issueAll(bench, { type: 'ShowAnswers' });
  if (answer.code !== 'ok') return answer;
  bench.done.cardShown = true;
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
      return asGuided(caseRequests[call.args.request], bench);
    case 'request_erasure':
      return askedFor('erase', bench, () => asGuided(onErase, bench));
    case 'request_person':
      return issueAll(bench, { type: 'RequestHuman', reason: call.args.reason });
    case 'signpost':
      return askedFor('signpost', bench, () =>
        issueAll(bench, { type: 'Signpost', referralTarget: call.args.referral_target ?? null }),
      );
    case 'withdraw_draft':
      return throwAway('discard_confirm', bench, () => issueAll(bench, { type: 'WithdrawDraft' }));
    case 'start_new_complaint':
      return throwAway('restart_confirm', bench, () =>
        askedFor('restart', bench, () => issueAll(bench, { type: 'StartAgain' }, { type: 'StartFiling' })),
      );
    case 'change_language':
      return issueAll(bench, { type: 'ChangeLanguage', language: call.args.language });
    case 'offer_choices':
      bench.done.asks = call.args.question;
      return ok();
  }
};
