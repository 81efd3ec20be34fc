import { isDistress } from '../guided/distress.js';
import { line } from '../guided/plan.js';
import { pendingQuestion } from '../guided/questions.js';
import { understand } from '../guided/understand.js';
import type { Spoken } from './conversation.js';
import type { Workbench } from './tools/workbench.js';

/**
 * Kind words to somebody in danger come from the program, before whatever the model says, and a person is asked for: once in a
 * conversation.
 * @returns what the citizen reads at once; empty when there is no sign of danger, or the words were said before
 */
export const heedDistress = (
  { done, tools, message, knowledge }: Workbench,
  conversation: readonly Spoken[],
): string => {
  if (!isDistress(message.text)) return '';
  tools.issue({ type: 'RequestHuman', reason: 'distress' });
  const words = knowledge.texts[tools.state().language].texts.distress;
  if (conversation.some((one) => one.by === 'assistant' && one.text.includes(words))) return '';
  done.first.push(line('distress'));
  return `${words}\n\n`;
};

/** The question that the assistant ended with was about filing. */
const askedToFile = (conversation: readonly Spoken[]): boolean =>
  /\b(?:file|submit|send|lodge|fayl|sabmit)\b[^.!?\n]*\?/iu.test(
    conversation.findLast((one) => one.by === 'assistant')?.text ?? '',
  );

/**
 * What the citizen plainly asked for and must not depend on the model: a person, who is asked for; and to file, which ends with the
 * answers or with what is missing. It comes after the model has spoken, so that no request depends on it.
 */
export const heedWish = (bench: Workbench, conversation: readonly Spoken[]): void => {
  const { done, tools, message, before, knowledge } = bench;
  const { text, evidenceIds, handedKey } = message;
  const hearing = { pending: pendingQuestion(before), state: before, files: evidenceIds.length, handedKey, knowledge };
  const { kind } = understand(text, hearing).intent;
  if (kind === 'person') {
    tools.issue({ type: 'RequestHuman', reason: 'asked' });
    done.effects.push({ say: [line(before.assistance === 'bot' ? 'person' : 'person_already')] });
  }
  const agrees = before.draft.answersShown && knowledge.saysYes(text, before.language) && askedToFile(conversation);
  if ((kind === 'submit' || agrees) && tools.state().ended === null)
    done.missed ??= { code: 'not_confirmed', message: 'The answers have to be before their eyes.' };
};
