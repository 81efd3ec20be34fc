import type { Reply } from '../agent.js';
import { caseQuestion } from '../guided/case-question.js';
import { questionParagraphs } from '../guided/next-question.js';
import { line, plan, render, type Paragraph } from '../guided/plan.js';
import { decisive, pendingQuestion, type Question } from '../guided/questions.js';
import { quickRepliesFor } from '../guided/quick-replies.js';
import { wordCount } from '../guided/text-matching.js';
import { besideQuestion } from './filing-words.js';
import { mendMissed } from './mend.js';
import type { Workbench } from './tools/workbench.js';

/** What the program adds to the model's words. */
export interface Addition {
  readonly text: string;
  readonly onceText: string | undefined;
  /** The question that the reply ends with, and whether the program or the model asked it: then there are buttons. */
  readonly question: Question;
  readonly asked: boolean;
  /** Its yes does something for good. */
  readonly decides: boolean;
}

/** The question that the program itself asks, because its yes or its answer does something for good, or because it must go on. */
const ownQuestion = ({ tools, done }: Workbench, next: Question | undefined): Question | undefined => {
  const state = tools.state();
  if (done.sure !== null && state.filing && state.ended === null) return done.sure;
  if (done.cardShown && state.draft.answersShown && state.ended === null) return 'confirm';
  return caseQuestion(state) ?? next;
};

/** What the model says it asks, if it still makes sense in the state that was reached. */
const offeredQuestion = ({ tools, done }: Workbench): Question | undefined =>
  done.asks !== null && pendingQuestion({ ...tools.state(), lastAsked: done.asks }) === done.asks
    ? done.asks
    : undefined;

/** What the state suggests; never one whose yes files: nobody showed the answers now. */
const supposedQuestion = ({ tools }: Workbench): Question => {
  const question = pendingQuestion({ ...tools.state(), lastAsked: null });
  return question === 'confirm' ? 'change_what' : question;
};

/** The card was shown, and something was recorded or a number asked for after it in the same turn: it is shown with that. */
const showAgain = ({ tools, done }: Workbench): void => {
  if (!done.cardShown || tools.state().ended !== null) return;
  // While a number is asked for, a yes would not count for the answers.
  if (tools.state().tracking) tools.issue({ type: 'CloseTracking' });
  if (!tools.state().draft.answersShown) tools.issue({ type: 'ShowAnswers' });
};

const questionWords = (question: Question, { tools, before, knowledge }: Workbench): readonly Paragraph[] =>
  questionParagraphs(
    question,
    tools.state(),
    {
      pending: pendingQuestion(before),
      plan: plan({}),
      before: question === 'confirm' ? { ...before, draft: { ...before.draft, answersShown: false } } : before,
      proposed: false,
      shown: true,
    },
    knowledge,
  );

/** So many words tell something: whoever said them is not asked what happened. */
const TELLING_WORDS = 5;

const toldSomething = ({ earlier, message }: Workbench): boolean =>
  earlier.length > 0 || wordCount(message.text) >= TELLING_WORDS;

/** How the program leads on when the model's own question was lost: with the next open question, never with one that was answered. */
const leadOn = (
  question: Question,
  bench: Workbench,
): { readonly say: readonly Paragraph[]; readonly asked: boolean } => {
  const known = question === 'change_what' || (['welcome', 'description'].includes(question) && toldSomething(bench));
  return known ? { say: [line('go_on_ask')], asked: false } : { say: questionWords(question, bench), asked: true };
};

/**
 * The program's own part of a reply: results of filing and looking up, the answers to check, and what it asks about them.
 * @param unasked something was taken out of the model's words, and they ask nothing
 */
export const additionOf = (bench: Workbench, unasked = false): Addition => {
  const mended = mendMissed(bench);
  showAgain(bench);
  const { done, tools, knowledge } = bench;
  const pack = knowledge.texts[tools.state().language];
  const own = ownQuestion(bench, mended.ask);
  const offered = offeredQuestion(bench);
  const supposed = supposedQuestion(bench);
  const isSilent = unasked && own === undefined && offered === undefined && done.effects.length === 0;
  const next = isSilent ? leadOn(supposed, bench) : { say: [], asked: false };
  const asking = own === undefined || mended.askedAlready ? next.say : questionWords(own, bench);
  const once = done.effects.flatMap((effect) => (effect.once === undefined ? [] : [effect.once]));
  return {
    text: render([...done.effects.flatMap(({ say }) => say), ...mended.say, ...asking], pack),
    onceText: once.length === 0 ? undefined : render(once, pack),
    question: own ?? offered ?? supposed,
    asked: own !== undefined || offered !== undefined || next.asked,
    decides: own !== undefined && decisive.includes(own),
  };
};

/**
 * The whole reply: kind words to somebody in danger, the model's words, then the program's.
 * @param unasked something was taken out of the model's words, and they ask nothing: then the program asks what is open
 */
export const composeReply = (words: string, bench: Workbench, unasked = false): Omit<Reply, 'provenance'> => {
  const addition = additionOf(bench, unasked);
  const { knowledge, tools, done } = bench;
  const state = tools.state();
  return {
    text: [
      render(done.first, knowledge.texts[state.language]),
      addition.decides ? besideQuestion(words) : words,
      addition.text,
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
    asked: addition.question,
    quickReplies: addition.asked
      ? quickRepliesFor(addition.question, state, knowledge, knowledge.texts[state.language])
      : [],
    ...(addition.onceText === undefined ? {} : { onceText: addition.onceText }),
  };
};
