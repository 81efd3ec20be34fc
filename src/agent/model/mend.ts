import { isDescribed } from '../../commands/session/derive-state.js';
import { caseQuestion } from '../guided/case-question.js';
import { line, refusalLine, type Paragraph } from '../guided/plan.js';
import type { Question } from '../guided/questions.js';
import { keepStories } from './hand-over.js';
import { ownNumberOf } from './mask.js';
import { openDraft } from './tools/record.js';
import type { Workbench } from './tools/workbench.js';

/** What the program says after something was refused, and what it asks then. */
export interface Mended {
  readonly say: readonly Paragraph[];
  readonly ask?: Question;
  /** The words end with the question. */
  readonly askedAlready: boolean;
}

const nothing: Mended = { say: [], askedAlready: false };
const asks = (ask: Question, ...say: readonly Paragraph[]): Mended => ({ ask, say, askedAlready: false });

/** A yes to the answers that filed nothing: something had changed, or a number was asked for in between. */
const yesWasLost = ({ before, message, knowledge, tools }: Workbench): boolean => {
  const { filing, ended } = tools.state();
  return before.lastAsked === 'confirm' && filing && ended === null && knowledge.saysYes(message.text, before.language);
};

const afterTheEnd = ({ tools }: Workbench): Mended => {
  const state = tools.state();
  if (state.ended !== 'filed') return asks('after_end');
  const number = ownNumberOf(state);
  return asks('after_filing', ...(number === null ? [] : [line('filed_already', { number })]));
};

/**
 * The answers could not be shown, the filing was refused, or a yes did not count: the citizen is told what is missing, or shown
 * the answers, so that the reply ends with what comes next whatever the model said. What was told and not kept is kept first.
 */
export const mendMissed = (bench: Workbench): Mended => {
  const { done, tools, before, earlier, knowledge } = bench;
  const lost = yesWasLost(bench);
  const settled = done.cardShown || done.filed || done.sure !== null || caseQuestion(tools.state()) !== undefined;
  if (settled || (done.missed === null && !lost)) return nothing;
  if (tools.state().ended !== null) return afterTheEnd(bench);
  if (tools.state().tracking) tools.issue({ type: 'CloseTracking' });
  const kept = keepStories(tools, earlier, knowledge);
  if (!isDescribed(tools.state())) {
    openDraft(bench).forEach((command) => tools.issue(command));
    return asks('description', line('nothing_yet'));
  }
  const seen = before.draft.answersShown && tools.state().draft.answersShown;
  // A yes that was on its way before the answers came; or words that are more than a yes.
  if (seen && before.lastAsked === 'confirm' && (lost || done.missed?.code === 'not_confirmed'))
    return { say: [line(lost ? 'confirm_early' : 'confirm_plain')], ask: 'confirm', askedAlready: true };
  const why = lost ? [line('changed_show_again')] : whyNot(bench);
  openDraft(bench).forEach((command) => tools.issue(command));
  if (!tools.issue({ type: 'ShowAnswers' }).ok) return { say: why, askedAlready: false };
  done.cardShown = true;
  return { say: [...(kept ? [line('earlier_kept')] : []), ...why], askedAlready: false };
};

/** Refusals that the card itself answers need no words. */
const answeredByCard = ['answers_not_shown', 'not_confirmed', 'description_missing', 'not_filing'];

const whyNot = ({ done: { missed } }: Workbench): readonly Paragraph[] =>
  missed === null || answeredByCard.includes(missed.code) ? [] : [refusalLine(missed)];
