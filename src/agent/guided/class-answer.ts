import { namedIn } from './corrections.js';
import type { Intent } from './intents.js';
import type { Knowledge } from './knowledge.js';
import { asksPart, type Question } from './questions.js';
import { wordCount } from './text-matching.js';

// Answers to "which office or kind of problem is it?", whole or by halves.

interface Asked {
  readonly pending: Question;
  readonly knowledge: Knowledge;
}

const maxNamedWords = 8;
/** A short answer to "which office?" or to "what kind of problem?" alone: what names only the other one is taken for that. */
const halfAnswerIn = (text: string, said: string, { pending, knowledge }: Asked): Intent => {
  const { classifier } = knowledge;
  const [named, guess] = [classifier.named(said), classifier.classify(text)];
  const none = { kind: 'classify', category: null, institution: null, words: null } as const;
  const category = named.category ?? (named.institution === undefined ? guess.category : null);
  const institution = named.institution ?? (named.category === undefined ? guess.institution : null);
  if (pending === 'kind') {
    if (category !== null) return { ...none, category };
    return institution === null ? { kind: 'unclear' } : { ...none, institution };
  }
  if (institution !== null) return { ...none, institution };
  return named.category === undefined ? { ...none, words: text.trim() } : { ...none, category: named.category };
};

/** A short answer to "which office or kind of problem?". */
export const classAnswerIn = (text: string, said: string, { pending, knowledge }: Asked): Intent | undefined => {
  if (wordCount(text) > maxNamedWords) return undefined;
  if (asksPart(pending)) return halfAnswerIn(text, said, { pending, knowledge });
  if (pending !== 'category' && pending !== 'confirm_class') return undefined;
  const named = namedIn(said, knowledge);
  if (named !== undefined) return named;
  const guess = knowledge.classifier.classify(text);
  if (guess.institution !== null || (guess.category !== null && pending === 'category')) {
    return { kind: 'classify', category: guess.category, institution: guess.institution, words: null };
  }
  return pending === 'category'
    ? { kind: 'classify', category: null, institution: null, words: text.trim() }
    : undefined;
};
