import { isDescribed } from '../../commands/session/derive-state.js';
import { initialSession } from '../../commands/session/initial.js';
import type { AgentTools, Turn } from '../agent.js';
import { isDistress } from '../guided/distress.js';
import type { Knowledge } from '../guided/knowledge.js';
import { pendingQuestion, type Question } from '../guided/questions.js';
import { wordCount } from '../guided/text-matching.js';
import { understand } from '../guided/understand.js';
import type { EarlierMessage } from './tools/earlier.js';

// What a citizen told a model that did not keep it, when the model is no longer there to keep it.

/** Fewer words, told to a model, were an answer to a question of its own. */
const FEWEST_STORY_WORDS = 5;
const FEWEST_WORDS = 4;

/** Whether the guided assistant would take a text for a story, whatever was asked. */
const isStory = (text: string, knowledge: Knowledge): boolean =>
  understand(text, { pending: 'welcome', state: initialSession, files: 0, handedKey: null, knowledge }).intent.kind ===
  'story';

const tellsAStory = (text: string, knowledge: Knowledge): boolean =>
  wordCount(text) >= FEWEST_STORY_WORDS && !/\?\s*$/u.test(text) && isStory(text, knowledge);

/**
 * Makes a description of what was told and not kept, whole messages in their order, when there is none yet.
 * @returns whether there is one now because of it
 */
export const keepStories = (tools: AgentTools, earlier: readonly EarlierMessage[], knowledge: Knowledge): boolean => {
  const state = tools.state();
  if (isDescribed(state) || state.ended !== null) return false;
  const stories = earlier.map(({ text }) => text).filter((text) => tellsAStory(text, knowledge));
  if (stories.length === 0 || !tools.issue({ type: 'StartFiling' }).ok) return false;
  const keep = (description: string): boolean =>
    tools.issue({ type: 'RecordDetails', details: { description }, descriptionMode: 'append' }).ok;
  // Together they may be longer than a description; then as many as fit, rather than none.
  return keep(stories.join('\n\n')) || stories.filter(keep).length > 0;
};

/**
 * What the guided assistant asks instead of taking a few words for the story, or for more of it: they answer a question of the
 * model's own, which it does not know. Undefined: it knows what the words are.
 */
export const strayAnswer = (
  { message, tools }: Pick<Turn, 'message' | 'tools'>,
  knowledge: Knowledge,
): Question | undefined => {
  const state = tools.state();
  const pending = pendingQuestion(state);
  const { text, evidenceIds, handedKey } = message;
  if (state.tracking || state.ended !== null || evidenceIds.length > 0) return undefined;
  if (wordCount(text) >= FEWEST_WORDS || isDistress(text)) return undefined;
  const { intent } = understand(text, { pending, state, files: 0, handedKey, knowledge });
  // A yes to the model's own question, while the answers lie ready: it changes nothing and files nothing.
  if (intent.kind === 'yes' && pending === 'change_what' && state.draft.answersShown) return 'confirm';
  if (intent.kind !== 'story' || state.draft.reopened === 'description') return undefined;
  return isDescribed(state) ? pending : 'description';
};
