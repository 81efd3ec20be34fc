import type { Agent, AgentTools, Reply, Turn } from '../agent.js';
import type { Refusal } from '../../commands/decision.js';
import { wasFiledHere } from '../../commands/session/state.js';
import { cardLines } from './card.js';
import { officeLines, perform, type Effect } from './effects.js';
import { complaintAtHand } from './case-question.js';
import { followLanguage } from './language-used.js';
import type { Intent, Understood } from './intents.js';
import { createKnowledge, type Knowledge } from './knowledge.js';
import { lead, questionParagraphs, type Progress } from './next-question.js';
import { line, plan, refusalLine, render, type GuidedCommand, type Plan, type View } from './plan.js';
import { mayBeAsked, unlessMeantBefore } from './respond-office.js';
import { isFirstReply, pendingQuestion, type Question } from './questions.js';
import { quickRepliesFor } from './quick-replies.js';
import { respond } from './respond.js';
import { understand } from './understand.js';
import { whenStopped } from './when-stopped.js';

type Speaks = Pick<Turn, 'message' | 'tools'>;

/** What may be said while a number is asked for, without leaving it. Anything else leads back to the complaint first. */
const staysInTracking: readonly Intent['kind'][] = [
  'tracking',
  'open_case',
  'tracking_ask',
  'track_own',
  'back',
  'yes',
  'no',
  'skip',
  'done',
  'not_sure',
  'unclear',
  'question',
  'greeting',
  'thanks',
  'repeat',
  'go_on',
  'stop',
  'own_number',
  'own_key',
  'erase',
  'grumble',
  'language',
  'person',
  'distress',
];

const viewOf = ({ message, tools }: Speaks, knowledge: Knowledge): View => {
  const state = tools.state();
  return {
    state,
    pending: pendingQuestion(state),
    message: {
      messageId: message.messageId,
      text: message.text,
      files: message.evidenceIds.length,
      handedKey: message.handedKey,
    },
    knowledge,
  };
};

const hear = (view: View): Understood =>
  understand(view.message.text, {
    pending: view.pending,
    state: view.state,
    files: view.message.files,
    handedKey: view.message.handedKey,
    knowledge: view.knowledge,
  });

/** Issues commands in order and stops at the first no. */
const issueAll = (commands: readonly GuidedCommand[], tools: AgentTools): Refusal | undefined => {
  for (const command of commands) {
    const result = tools.issue(command);
    if (!result.ok) return result.refusal;
  }
  return undefined;
};

/** Issues what leads on (a proposal, the answers card) until there is a question to ask. */
const leadOn = (
  tools: AgentTools,
  start: Progress,
  knowledge: Knowledge,
): { question: Question; progress: Progress } => {
  let progress = start;
  // Two commands at most lead to a question: a proposal, then the card.
  for (let round = 0; round < 4; round += 1) {
    const next = lead(tools.state(), progress, knowledge);
    if ('question' in next) return { question: next.question, progress };
    if (!tools.issue(next.command).ok) break;
    progress = {
      ...progress,
      proposed: progress.proposed || next.command.type === 'ProposeClassification',
      shown: progress.shown || next.command.type === 'ShowAnswers',
    };
  }
  return { question: pendingQuestion(tools.state()), progress };
};

const listen = (speaks: Speaks, knowledge: Knowledge): { view: View; understood: Understood } => {
  const view = viewOf(speaks, knowledge);
  const understood = hear(view);
  if (!view.state.tracking || staysInTracking.includes(understood.intent.kind)) return { view, understood };
  speaks.tools.issue({ type: 'CloseTracking' });
  const back = viewOf(speaks, knowledge);
  return { view: back, understood: hear(back) };
};

/**
 * What the office asks, once more, where the assistant asks for the answer to it. Not when it comes by itself: the case messenger
 * brings it to a conversation in which the complaint was opened, or is to be answered again.
 */
const officeAsks = async (
  question: Question,
  { kind }: Intent,
  { commands, effect }: Plan,
  tools: AgentTools,
  newly: boolean,
): Promise<Effect> => {
  const state = tools.state();
  const complaintId = complaintAtHand(state);
  const asked = newly || question === 'case_answer' || (question === 'answer_confirm' && kind === 'repeat');
  if (!asked || complaintId === undefined) return { say: [] };
  const begun = commands.some((command) => command.type === 'PrepareCaseRequest' && command.messageIds.length === 0);
  if ((begun || effect?.kind === 'open_case') && !wasFiledHere(state, complaintId)) return { say: [] };
  const words = await tools.officeWords(complaintId);
  return officeLines(
    words.question === null ? [] : [line('office_question', { question: words.question })],
    complaintId,
    tools,
  );
};

/** Asks the case itself whether the office waits for whoever opened it with its key; then its question stands before all others. */
const newlyAsked = async ({ view, understood }: ReturnType<typeof listen>, tools: AgentTools): Promise<boolean> => {
  const complaintId = mayBeAsked(view, understood.intent);
  if (complaintId === undefined || (await tools.officeWords(complaintId)).question === null) return false;
  return tools.issue({ type: 'PrepareCaseRequest', complaintId, request: 'answer', messageIds: [] }).ok;
};

const answer = async (speaks: Speaks, knowledge: Knowledge): Promise<Reply> => {
  const { tools } = speaks;
  followLanguage(speaks.message.text, tools);
  const heard = listen(speaks, knowledge);
  const asked = await newlyAsked(heard, tools);
  const { view, understood } = asked ? listen(speaks, knowledge) : heard;
  const meant = respond(understood, view);
  const planned = asked ? unlessMeantBefore(understood.intent, meant) : meant;
  const refusal = issueAll(planned.commands, tools);
  const done = refusal === undefined ? planned : plan({ say: [refusalLine(refusal)] });
  const effect = await perform(done, tools, knowledge);
  const wasShown = view.state.draft.answersShown;
  const led = leadOn(
    tools,
    {
      pending: view.pending,
      plan: done,
      before: view.state,
      proposed: false,
      shown: !wasShown && tools.state().draft.answersShown,
    },
    knowledge,
  );
  const state = tools.state();
  const question = done.ask ?? led.question;
  const quiet = done.quiet === true || effect.quiet === true;
  // The card belongs to the question "is this correct?"; elsewhere it is shown before the question.
  const card = done.showCard === true && question !== 'confirm' ? [cardLines(state, knowledge)] : [];
  const pack = knowledge.texts[state.language];
  const first = isFirstReply(state) ? [line('hello')] : [];
  const office = quiet && !asked ? { say: [] } : await officeAsks(question, understood.intent, done, tools, asked);
  const once = [effect.once, office.once].filter((paragraph) => paragraph !== undefined);
  const asking = quiet ? [] : questionParagraphs(question, state, led.progress, knowledge);
  return {
    text: render([...first, ...done.say, ...effect.say, ...card, ...office.say, ...asking], pack),
    quickReplies: quickRepliesFor(question, state, knowledge, pack),
    asked: question,
    ...(once.length === 0 ? {} : { onceText: render(once, pack) }),
  };
};

/**
 * The guided assistant: leads a citizen to a filed complaint without a language model. Deterministic: the same state and
 * message give the same commands and words. It holds nothing of any session and no rule of its own; what it may do, the
 * decider decides.
 */
export const createGuidedAgent = (given: Parameters<typeof createKnowledge>[0]): Agent => {
  const knowledge = createKnowledge(given);
  return {
    name: 'guided',
    version: '1',
    takeTurn: async (turn) => {
      const reply = await answer(turn, knowledge);
      turn.onDelta(reply.text);
      return reply;
    },
    whenStopped: (turn, said) => whenStopped(turn, said, knowledge),
  };
};
