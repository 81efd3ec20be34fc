import type { SessionState } from '../../commands/session/state.js';
import { ERASED } from '../../events/personal.js';
import { isDescribed } from '../../commands/session/derive-state.js';
import { line, plan, type Plan, type View } from './plan.js';
import { discards, type Question } from './questions.js';
import { answerTables } from './respond-answers.js';
import { keepDraft, onWithdraw } from './respond-filing.js';

// What citizens say beside the questions: asking for their number or key, for the question again, to have their data erased, to go
// on or back. None of it ever becomes a part of the complaint.

const isDiscard = (question: Question): boolean => discards.includes(question);

export const onThanks = ({ state }: View): Plan => plan({ say: [line('thanks')], quiet: state.tracking });

/** The question before the citizen's eyes, once more; at the check-answers card with the card. */
export const onRepeat = ({ pending, state }: View): Plan => {
  // "What do you need?" after a look at the number alone.
  if (pending === 'tracking_number' && state.lookedUp !== null && state.openedCases.length === 0)
    return plan({ say: [line('key_needed')], quiet: true });
  return plan({ ask: pending, showCard: pending === 'confirm' });
};

export const onUnclear = (view: View): Plan => {
  const { pending, message } = view;
  if (pending === 'tracking_number' && /\d/u.test(message.text))
    return plan({ say: [line('tracking_malformed')], quiet: true });
  return plan({ say: [line('unclear')], ...(isDiscard(pending) ? { ask: pending } : {}) });
};

/** An apology, a way out, and the question once more. */
export const onGrumble = ({ pending }: View): Plan => plan({ say: [line('grumble')], ask: pending });

/** Most likely keys hit at random: asked about once, taken the second time. */
export const onNoise = (): Plan => plan({ ask: 'noise' });

/** "No wait, continue": whatever was to be thrown away stays. */
export const onGoOn = (view: View): Plan => {
  if (isDiscard(view.pending)) return keepDraft(view);
  if (view.state.tracking) return answerTables.no.tracking_number(view);
  return plan({ say: [line('not_now')], ask: view.pending });
};

export const onBack = (view: View): Plan => {
  const { pending, state } = view;
  if (isDiscard(pending)) return keepDraft(view);
  if (state.tracking) return answerTables.no.tracking_number(view);
  if (pending === 'change_what') return answerTables.no.change_what(view);
  const drafting = state.filing && state.ended === null && isDescribed(state);
  return plan({ ask: drafting ? 'change_what' : pending });
};

/** "Stop" ends a draft, with a question before it; a filed complaint is left alone by it. */
export const onStop = (view: View): Plan => {
  const { state } = view;
  if (state.tracking) return answerTables.no.tracking_number(view);
  if (state.filing && state.ended === null) return onWithdraw(view);
  return plan({ say: [line('not_now')], quiet: true });
};

const lastNumber = ({ filed, earlierNumbers }: SessionState): string | undefined =>
  filed?.trackingNumber ?? earlierNumbers.at(-1);

export const onOwnNumber = ({ state, pending }: View): Plan => {
  const number = lastNumber(state);
  if (number === undefined && pending === 'tracking_number') return plan({ say: [line('number_lost')], quiet: true });
  if (number === undefined) return plan({ say: [line('number_none')], ask: pending });
  if (number === ERASED) return plan({ say: [line('number_erased')], ask: pending });
  return plan({ say: [[line('number_again'), line('filed_number', { number })]], quiet: state.ended === 'filed' });
};

export const onOwnKey = ({ state, pending }: View): Plan =>
  plan({ say: [line(lastNumber(state) === undefined ? 'key_none' : 'key_again')], ask: pending });

/** Erasing is the office's to decide (there may be a duty to keep): the wish is recorded, and a person is asked for. */
export const onErase = ({ state }: View): Plan =>
  plan({
    commands: [{ type: 'RequestErasure' }, { type: 'RequestHuman', reason: 'asked' }],
    say: [
      line('erase_noted'),
      line('erase_means'),
      ...(state.filing && state.ended === null ? [line('erase_draft')] : []),
    ],
    quiet: true,
  });
