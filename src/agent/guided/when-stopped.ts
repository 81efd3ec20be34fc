import type { Reply, Turn } from '../agent.js';
import type { Knowledge } from './knowledge.js';
import { line, render } from './plan.js';
import { decisive, pendingQuestion } from './questions.js';
import { quickRepliesFor } from './quick-replies.js';

/**
 * What is recorded of a reply that the citizen stopped. All that its turn had decided is dropped, so after a yes to something that is
 * done for good the program says that it was not done, and asks again: nobody is left to wonder whether they filed.
 * @param said by then
 */
export const whenStopped = (
  { state, message }: Pick<Turn, 'state' | 'message'>,
  said: string,
  knowledge: Knowledge,
): Pick<Reply, 'text' | 'asked' | 'quickReplies'> => {
  const question = pendingQuestion(state);
  const files = state.draft.answersShown && state.confirmedBy === message.messageId;
  const decides = files || (decisive.includes(question) && knowledge.saysYes(message.text, state.language));
  if (!decides) return { text: said };
  const asked = files ? 'confirm' : question;
  const pack = knowledge.texts[state.language];
  const truth = render([line(asked === 'confirm' ? 'stopped_not_filed' : 'stopped_not_done')], pack);
  return {
    text: [said.trim(), truth].filter((part) => part !== '').join('\n\n'),
    asked,
    quickReplies: quickRepliesFor(asked, state, knowledge, pack),
  };
};
