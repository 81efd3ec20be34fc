import type { Agent, AgentTools, Provenance, Reply, Turn } from '../agent.js';
import { caseQuestion } from '../guided/case-question.js';
import type { Knowledge } from '../guided/knowledge.js';
import { followLanguage } from '../guided/language-used.js';
import { questionParagraphs } from '../guided/next-question.js';
import { line, plan, render } from '../guided/plan.js';
import { discards, type Question } from '../guided/questions.js';
import { quickRepliesFor } from '../guided/quick-replies.js';
import type { BudgetName } from './budgets.js';
import type { Spoken } from './conversation.js';
import type { FaultKind } from './failures.js';
import { keepStories, strayAnswer } from './hand-over.js';
import { MODEL_AGENT } from './name.js';
import { notKept } from './tools/earlier.js';

/** Why the guided assistant answered in the model's place, or the program alone: codes of provenance. */
export type Fallback = FaultKind | BudgetName | 'budget_unknown' | 'breaker_open' | 'case_business';

/**
 * Access keys, what goes to the office about a filed complaint, and the yes that throws a draft away stay with the guided
 * assistant: secrets never reach the model, and what counts is the citizen's own word.
 */
export const isCaseBusiness = ({ message, state }: Turn): boolean =>
  message.handedKey !== null ||
  state.handedKey !== null ||
  caseQuestion(state) !== undefined ||
  discards.some((question) => question === state.lastAsked);

/** The model said the last words of the assistant that the citizen read. */
const spokeLast = (conversation: readonly Spoken[]): boolean =>
  conversation.findLast((one) => one.by === 'assistant')?.name === MODEL_AGENT.name;

/** Asks what the guided assistant would ask now, without taking the citizen's few words for anything. */
const askAgain = (question: Question, note: string, tools: AgentTools, knowledge: Knowledge): Reply => {
  if (question === 'description') tools.issue({ type: 'StartFiling' });
  const state = tools.state();
  const pack = knowledge.texts[state.language];
  // The answers are shown again, as their yes files.
  const before = question === 'confirm' ? { ...state, draft: { ...state.draft, answersShown: false } } : state;
  const progress = { pending: question, plan: plan({}), before, proposed: false, shown: question === 'confirm' };
  const asking = questionParagraphs(question, state, progress, knowledge);
  const sorry = question === 'description' ? [] : [line('unclear')];
  return {
    text: [note, render([...sorry, ...asking], pack)].join('\n\n'),
    asked: question,
    quickReplies: quickRepliesFor(question, state, knowledge, pack),
  };
};

/**
 * The guided assistant answers instead of the model. It says so when the citizen may notice: when the model answered before. What
 * they told the model and no tool kept is kept first; what only answers a question of the model's own is not taken for the story.
 */
export const createFallBack =
  (guided: Agent, knowledge: Knowledge) =>
  async (turn: Turn, fallback: Fallback, spent: Provenance, conversation: readonly Spoken[]): Promise<Reply> => {
    const { tools, state, message } = turn;
    tools.startOver();
    followLanguage(message.text, tools);
    turn.onRestart();
    const by = { name: guided.name, version: guided.version };
    const provenance: Provenance = { ...spent, by, fallback };
    turn.onProvenance(() => provenance);
    if (fallback === 'case_business') return { ...(await guided.takeTurn(turn)), provenance };
    const { texts } = knowledge.texts[tools.state().language];
    const noticed = spokeLast(conversation);
    const kept = keepStories(tools, notKept(conversation, state, message.messageId), knowledge);
    const note = [...(noticed ? [texts.model_away] : []), ...(kept ? [texts.earlier_kept] : [])].join('\n\n');
    const again = noticed ? strayAnswer(turn, knowledge) : undefined;
    if (again !== undefined) {
      const reply = askAgain(again, note, tools, knowledge);
      turn.onDelta(reply.text);
      return { ...reply, provenance };
    }
    const before = note === '' ? '' : `${note}\n\n`;
    if (before !== '') turn.onDelta(before);
    const reply = await guided.takeTurn(turn);
    return { ...reply, text: before + reply.text, provenance };
  };
