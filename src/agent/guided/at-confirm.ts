import type { Intent } from './intents.js';
import type { Question } from './questions.js';
import { whole } from './text-matching.js';

// Before words go to the office the citizen is asked. What they say to that question is an answer to it, not more words.

const newMatter = whole(
  '(?:(?:no|nɔ|yes|yɛs) )?(?:(?:it is|its|this is|that is|thats|na|dis na|i na) )?(?:a |an |wan )?(?:(?:whole|completely|totally|very|brand) )?(?:new|nyu|different|difrɛn|another|ɔda|other|separate) (?:matter|mata|case|kes|complaint|kɔmplen|problem|prɔblɛm|issue|thing|tin|one|wan|story|tɔri)(?: (?:entirely|altogether))?',
);
const somethingElse = whole(
  '(?:(?:no|nɔ) )?(?:(?:it is|its|this is|that is|thats|it was|i mean|i meant|na|i na) )?(?:something else|sɔmtin ɛls|ɔda tin|not that|not this|nɔto dat|nɔto dis)',
  '(?:(?:no|nɔ) )?(?:(?:it is|its|this is|that is|thats|it was|that was|na|dat) )?(?:not|nɔto|nɔ to) (?:(?:my|the|mi|di) )?(?:answer|ansa)(?: (?:to|for|fɔ) .{1,40})?',
);
/** "No, …": what comes after it explains the no. Without a pause, "no one came" may be an answer. */
const clearNo = /^\s*(?:no|nope|nah|nɔ)\s*(?:[,.;:!\n]|\s[-–—]\s)/iu;

const confirms: readonly Question[] = ['add_confirm', 'answer_confirm', 'dispute_confirm'];

/** What is said to "is this your answer?" and its like, when it is neither a plain yes or no nor more words. */
export const atConfirm = (text: string, said: string, pending: Question): Intent | undefined => {
  if (!confirms.includes(pending)) return undefined;
  // "Another thing": not what the office asked about; but of two complaints to choose from, the new one.
  if (pending !== 'add_confirm' && somethingElse.test(said)) return { kind: 'no' };
  if (newMatter.test(said)) return { kind: 'new_complaint' };
  return somethingElse.test(said) || clearNo.test(text) ? { kind: 'no' } : undefined;
};
