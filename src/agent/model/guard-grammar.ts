import * as lexicon from './guard-words.js';
import type { Verb } from './guard-words.js';

// How a clause says something: who, whether it is said as done, and of what. A few rules of thumb for short sentences, no grammar.

/** So many words on either side tell what a verb is about; more would make a long text without marks cost its square. */
const NEAR = 24;

/** A verb of a claim, with what stands around it in its clause. */
export interface Said {
  readonly verb: Verb;
  readonly krio: boolean;
  /** The subject did it, or does it now; not: it was done to the subject. */
  readonly active: boolean;
  /** Words between the subject and the verb. */
  readonly group: readonly string[];
  /** Words before them, with the subject at the end. */
  readonly before: readonly string[];
  readonly after: string;
}

const isKrio = (word: string, group: readonly string[]): boolean =>
  word === 'fayl' || word === 'sabmit' || group.some((one) => one === 'don' || one === 'bin');
const nounFayl = /^(?:wan|oda|ad|get|sen|di|eni|bot|wit|ol|nyu|us|aks|gi|tu|tri|bet)$/u;

/** A verb of the lexicon at a place, with what stands around it; undefined where the word is no verb of a claim. */
export const saidAt = (words: readonly string[], at: number): Said | undefined => {
  const word = words[at] ?? '';
  let start = at;
  while (
    start > 0 &&
    at - start < NEAR &&
    (lexicon.helpers.has(words[start - 1] ?? '') || /..ly$/u.test(words[start - 1] ?? ''))
  )
    start -= 1;
  const group = words.slice(start, at);
  const before = words.slice(Math.max(0, start - NEAR), start);
  const krio = isKrio(word, group);
  const goesOn = lexicon.ongoing.get(word);
  const isOngoing = goesOn !== undefined && group.some((one) => one === 'am' || one === 'are' || one === 'is');
  const verb = isOngoing ? goesOn : lexicon.verbs.get(word);
  if (verb === undefined || (lexicon.krioBase.has(word) && !krio)) return undefined;
  if (word === 'fayl' && (nounFayl.test(words[at - 1] ?? '') || words[at + 1] === 'den')) return undefined;
  // "a filed complaint", "no registered letter"
  if (!krio && group.length === 0 && /^(?:a|an|any|every|each|no)$/u.test(before.at(-1) ?? '')) return undefined;
  const active = isOngoing || !group.some((one) => /^(?:is|are|am|was|were|be|been|being)$/u.test(one));
  return { verb, krio, active, group, before, after: words.slice(at + 1, at + 1 + NEAR).join(' ') };
};

/** "not filed", "never submitted"; not "not only filed". */
export const isDenied = ({ group }: Said): boolean =>
  group.some((word, at) => lexicon.negations.has(word) && group[at + 1] !== 'only');

/** "will be filed", "to be filed"; not "happy to have filed". */
export const isForeseen = ({ group }: Said): boolean => {
  const at = group.findLastIndex((word) => lexicon.modals.has(word));
  return at >= 0 && !group.slice(at).includes('have');
};

const notSaid =
  /\b(?:not|never|no)\b(?: \S+){0,4} (?:say|claim|tell|pretend|know|sure|mean|promise|confirm|think|believe|certain|see|guarantee|assume|se|tel|no)\b/u;
/** Somebody else's words; also "if" and "whether". */
export const reported =
  /\b(?:you|they|he|she|yu|den|people) (?:(?:have|had|also|just|don|bin|only) )*(?:said|say|wrote|write|told|mentioned|mention|explained|described|think|thought|believe|heard|hear|mean|meant|se|tok|rayt|tel|tink)\b|\baccording to\b|\bw(?:as|ere) told\b|\b(?:if|whether)\b/u;

/** Where the subject begins that ends before the verb; `head` is its last word. */
export const subjectOf = ({
  before,
  krio,
}: Said): { readonly head: string; readonly from: number; readonly determiner: string } => {
  const head = before.at(-1) ?? '';
  const end = before.length;
  if (
    lexicon.pronouns.has(head) ||
    lexicon.us.has(head) ||
    lexicon.others.has(head) ||
    head === 'you' ||
    head === 'yu' ||
    (head === 'a' && krio)
  )
    return { head, from: end - 1, determiner: '' };
  for (let from = end - 2; from >= Math.max(0, end - 5); from -= 1)
    if (/^(?:your|the|this|my|our|that|an?|every|any|each|no|some|his|her|their|di|yu|dis)$/u.test(before[from] ?? ''))
      return { head, from, determiner: before[from] ?? '' };
  return { head, from: Math.max(0, end - 1), determiner: '' };
};

/** Whether the words just before the subject make the clause a condition, a wish, a doubt, or somebody's report. */
export const isBent = (said: Said, from: number, head: string): boolean => {
  const left = said.before.slice(0, from);
  while (left.length > 0 && lexicon.fillers.has(left.at(-1) ?? '')) left.pop();
  const last = left.at(-1) ?? '';
  const plainPast = said.group.length === 0 && lexicon.us.has(head) && !said.krio;
  const longAs = last === 'as' && /^(?:soon|long)$/u.test(left.at(-2) ?? '');
  if ((lexicon.subordinators.has(last) || longAs) && !plainPast && (last !== 'we' || said.krio)) return true;
  if (lexicon.wishes.has(last)) return true;
  if (/^(?:have|get|getting|having)$/u.test(last) && lexicon.modals.has(left.at(-2) ?? '')) return true;
  const text = left.join(' ');
  return notSaid.test(text) || reported.test(text);
};

/** Whether a word means this program, its office, or who speaks. */
export const isOfUs = (head: string, said: Said): boolean => lexicon.us.has(head) || (head === 'a' && said.krio);

/** "Nothing", "no complaint", "every complaint": of this one nothing is said. */
export const isNobody = (said: Said, { head, from, determiner }: ReturnType<typeof subjectOf>): boolean =>
  lexicon.nobodies.has(head) ||
  /^(?:no|any|every|each|another)$/u.test(determiner) ||
  /\b(?:none|nothing|neither) of$/u.test(said.before.slice(0, from).join(' '));
