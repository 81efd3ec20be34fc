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
  { done, tools, message, before, knowledge }: Workbench,
  conversation: readonly Spoken[],
): string => {
  if (!isDistress(message.text)) return '';
  tools.issue({ type: 'RequestHuman', reason: 'distress' });
  const words = knowledge.texts[before.language].texts.distress;
  if (conversation.some((one) => one.by === 'assistant' && one.text.includes(words))) return '';
  done.first.push(line('distress'));
  return `${words}\n\n`;
};

/**
 * Whoever plainly asks for a person gets one, whatever the model made of it; the program says so. It comes after the model has
 * spoken, so that no request depends on it.
 */
export const heedWish = ({ done, tools, message, before, knowledge }: Workbench): void => {
  const { text, evidenceIds, handedKey } = message;
  const hearing = { pending: pendingQuestion(before), state: before, files: evidenceIds.length, handedKey, knowledge };
  if (understand(text, hearing).intent.kind !== 'person') return;
  tools.issue({ type: 'RequestHuman', reason: 'asked' });
  done.effects.push({ say: [line(before.assistance === 'bot' ? 'person' : 'person_already')] });
};
