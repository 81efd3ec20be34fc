import { disputableStates } from '../../commands/complaint/transitions.js';
import { wasFiledHere, type CaseRequest } from '../../commands/session/state.js';
import { ERASED } from '../../events/personal.js';
import type { AgentTools, CaseView, LookUpResult, PublicCaseStatus } from '../agent.js';
import { caseQuestion } from './case-question.js';
import type { Knowledge } from './knowledge.js';
import { line, refusalLine, type Line, type Paragraph, type Plan } from './plan.js';

/** What came of asking the outside: words to say, some of them shown only once. */
export interface Effect {
  readonly say: readonly Paragraph[];
  readonly once?: Paragraph;
  /** The effect's words end with what to do: the question need not be asked on top. */
  readonly quiet?: boolean;
}

/** `said`: what to do is said already, with the question of the office; then only the day is left to tell. */
const nextLines = ({ nextStep, nextStepDue }: PublicCaseStatus, said: boolean): readonly Line[] => [
  ...(said ? [] : [line('tracking_next', { next: nextStep })]),
  ...(nextStepDue === null ? [] : [line('tracking_due', { day: nextStepDue })]),
];

/** `asksHere`: the question of the office stands in this very conversation, and is asked again after these lines. */
const foundLines = ({ status }: Extract<LookUpResult, { outcome: 'found' }>, asksHere: boolean): readonly Line[] => [
  line('tracking_found', { status: status.words, day: status.lastChange }),
  ...nextLines(status, asksHere),
  ...(status.citizenMustAct && !asksHere ? [line('tracking_must_act')] : []),
];

const caseLines = ({ status, filedOn, evidence }: CaseView): readonly Line[] => [
  line('case_head'),
  line('tracking_found', { status: status.words, day: status.lastChange }),
  line('case_filed', { day: filedOn }),
  ...nextLines(status, status.citizenMustAct),
  ...(evidence.length === 0 ? [] : [line('card_files', { count: String(evidence.length) })]),
  ...(status.citizenMustAct ? [line('case_must_act')] : []),
];

const fewestWords = 6;
/** What was told and what officers wrote; short answers ("yes", "skip") say nothing afterwards. */
const ownWords = ({ transcript }: CaseView, chars: number): string => {
  const lines = transcript.filter(
    ({ role, text }) => role === 'officer' || (role === 'citizen' && text.trim().split(/\s+/u).length >= fewestWords),
  );
  const letters = Array.from(lines.map(({ at, text }) => `${at.slice(0, 10)}: ${text}`).join('\n'));
  return letters.length <= chars ? letters.join('') : `${letters.slice(0, chars).join('')}…`;
};

/** The latest answers, also the shortest. */
const answerWords = ({ answers }: CaseView, chars: number): string => {
  const letters = Array.from(answers.map(({ at, text }) => `${at.slice(0, 10)}: ${text}`).join('\n'));
  return letters.length <= chars ? letters.join('') : `…${letters.slice(-chars).join('')}`;
};

/** Goes back to a complaint under way or filed here, once the other one was shown. */
const afterShowing = (tools: AgentTools, shown: Effect): Effect => {
  const { filing, ended, tracking } = tools.state();
  const waits = caseQuestion(tools.state()) !== undefined;
  if (!tracking || (!filing && ended === null && !waits)) return { ...shown, quiet: !waits };
  tools.issue({ type: 'CloseTracking' });
  return { ...shown, say: [...shown.say, ...(ended === null && filing ? [line('tracking_back')] : [])] };
};

/**
 * Words of the office about a complaint. Of one that was filed elsewhere they are shown only once, under a key that is forgotten
 * soon, so that they do not outlive their erasure there.
 */
export const officeLines = (lines: readonly Line[], complaintId: string, tools: AgentTools): Effect => {
  if (lines.length === 0) return { say: [] };
  return wasFiledHere(tools.state(), complaintId) ? { say: [lines] } : { say: [], once: lines };
};

const reasonLines = async (complaintId: string, tools: AgentTools): Promise<readonly Line[]> => {
  const { reason } = await tools.officeWords(complaintId);
  return reason === null ? [] : [line('case_reason', { reason })];
};

const lookUp = async (
  { number, complaintId, wordsUnused }: Extract<Plan['effect'], { kind: 'look_up' }>,
  tools: AgentTools,
): Promise<Effect> => {
  const unused = wordsUnused === true ? [line('number_words_unused')] : [];
  const result = await tools.lookUp(number);
  if (result.outcome !== 'found')
    return { say: [line(`tracking_${result.outcome}`), ...unused], quiet: tools.state().tracking };
  const found = foundLines(result, caseQuestion(tools.state()) !== undefined);
  const why =
    complaintId === undefined ? { say: [] } : officeLines(await reasonLines(complaintId, tools), complaintId, tools);
  return afterShowing(tools, { ...why, say: [found, ...unused, ...why.say] });
};

/** What words that came with number and key are for the office, as the case stands. */
const requestFor = ({ status, citizenMustAct }: PublicCaseStatus): 'answer' | 'dispute' | 'add' => {
  if (citizenMustAct) return 'answer';
  return (disputableStates as ReadonlySet<string>).has(status) ? 'dispute' : 'add';
};

/**
 * Words that waited for another complaint are given back, so that they can be sent again, and the complaint is named as far as this
 * conversation knows it: of one that was opened with its key only a keyed hash of the number is kept.
 */
const heldLines = (
  { complaintId, messageIds, words }: CaseRequest,
  tools: AgentTools,
  chars: number,
): readonly Line[] => {
  if (messageIds.length === 0) return [];
  const { filed } = tools.state();
  const which =
    filed?.complaintId === complaintId && filed.trackingNumber !== ERASED
      ? line('held_words_of', { number: filed.trackingNumber })
      : line('held_words_dropped');
  const text = Array.from(
    words
      .map((word) => word.text)
      .filter((word) => word !== '')
      .join('\n'),
  );
  const given = text.length <= chars ? text.join('') : `${text.slice(0, chars).join('')}…`;
  return [which, ...(given === '' ? [] : [line('held_words', { words: given })])];
};

const openCase = async (
  { number, key, words: besides }: Extract<Plan['effect'], { kind: 'open_case' }>,
  tools: AgentTools,
  { settings }: Knowledge,
): Promise<Effect> => {
  const held = tools.state().caseRequest;
  const result = await tools.openCase(number, key);
  if (result.outcome !== 'opened') {
    const why = line(result.outcome === 'wrong_key' ? 'case_wrong_key' : `tracking_${result.outcome}`);
    return { say: [why, ...(besides === null ? [] : [line('key_words_wait')])], quiet: tools.state().tracking };
  }
  const { complaintId, status } = result.view;
  // Words for one complaint never go to another: they are dropped, and the citizen is told so.
  const left = held !== null && held.complaintId !== complaintId;
  if (left) tools.issue({ type: 'DropCaseRequest' });
  const lost = left ? heldLines(held, tools, settings.cardDescriptionChars) : [];
  // The question itself comes by the case messenger, sealed for the owner: it is never in the words of this reply.
  if (status.citizenMustAct)
    tools.issue({ type: 'PrepareCaseRequest', complaintId, request: 'answer', messageIds: [] });
  // What came with the key is offered to the office: nothing that a citizen wrote is dropped without a word.
  if (besides !== null)
    tools.issue({ type: 'PrepareCaseRequest', complaintId, request: requestFor(status), messageIds: [besides] });
  const words = ownWords(result.view, settings.cardDescriptionChars);
  const answered = answerWords(result.view, settings.cardDescriptionChars);
  const once = [
    ...(words === '' ? [] : [line('case_words', { words })]),
    ...(answered === '' ? [] : [line('case_answers', { words: answered })]),
    ...(await reasonLines(complaintId, tools)),
  ];
  // Words of another conversation: under a key that is forgotten soon, so that they do not outlive their own erasure here.
  return afterShowing(tools, {
    say: [...lost, caseLines(result.view)],
    ...(once.length === 0 ? {} : { once }),
  });
};

const submit = async (tools: AgentTools): Promise<Effect> => {
  const result = await tools.submit();
  if (!result.ok) return { say: [refusalLine(result.refusal)] };
  return {
    say: [
      [line('filed'), line('filed_number', { number: result.trackingNumber })],
      line('filed_keep'),
      line('filed_key'),
      line('filed_next'),
    ],
    once: line('filed_key_once', { key: result.accessKey }),
  };
};

/** Does what a plan asks of the outside: filing, looking up, opening a case. */
export const perform = async ({ effect }: Plan, tools: AgentTools, knowledge: Knowledge): Promise<Effect> => {
  switch (effect?.kind) {
    case undefined:
      return { say: [] };
    case 'submit':
      return submit(tools);
    case 'look_up':
      return lookUp(effect, tools);
    case 'open_case':
      return openCase(effect, tools, knowledge);
  }
};
