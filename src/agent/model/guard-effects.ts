import type { SessionState } from '../../commands/session/state.js';
import type { Clause } from './guard-clauses.js';
import * as lexicon from './guard-words.js';
import type { Effect, Verb } from './guard-words.js';

// Claims of effects are held against the effects. Not the wordings of a lie are listed, which have no end, but what the program can
// do; whoever says it as done must be right. What is denied, wished, asked, foreseen, generally so, or somebody else's doing is no claim.

/** What of the effects that a sentence may claim is so, after what was done in this turn. */
export type Truth = Readonly<Record<Exclude<Effect, 'never'>, boolean>>;

/** What may be said as done, from the state that was reached. A filing: also of an earlier one, while no draft is being written. */
export const truthOf = (state: SessionState): Truth => {
  const { ended, filing, earlierComplaintIds, lookedUp, openedCases, assistance, erasureRequested } = state;
  const known = lookedUp !== null || openedCases.length > 0;
  const filed = ended === 'filed' || (!filing && (earlierComplaintIds.length > 0 || known));
  const person = assistance !== 'bot' || erasureRequested;
  return { filed, person, sent: filed || person, looked: known || ended === 'filed', withdrawn: ended === 'withdrawn' };
};

interface Said {
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
const saidAt = (words: readonly string[], at: number): Said | undefined => {
  const word = words[at] ?? '';
  let start = at;
  while (start > 0 && (lexicon.helpers.has(words[start - 1] ?? '') || /..ly$/u.test(words[start - 1] ?? '')))
    start -= 1;
  const group = words.slice(start, at);
  const before = words.slice(0, start);
  const krio = isKrio(word, group);
  const goesOn = lexicon.ongoing.get(word);
  const isOngoing = goesOn !== undefined && group.some((one) => one === 'am' || one === 'are' || one === 'is');
  const verb = isOngoing ? goesOn : lexicon.verbs.get(word);
  if (verb === undefined || (lexicon.krioBase.has(word) && !krio)) return undefined;
  if (word === 'fayl' && (nounFayl.test(words[at - 1] ?? '') || words[at + 1] === 'den')) return undefined;
  // "a filed complaint", "no registered letter"
  if (!krio && group.length === 0 && /^(?:a|an|any|every|each|no)$/u.test(before.at(-1) ?? '')) return undefined;
  const active = isOngoing || !group.some((one) => /^(?:is|are|am|was|were|be|been|being)$/u.test(one));
  return { verb, krio, active, group, before, after: words.slice(at + 1).join(' ') };
};

const isDenied = ({ group }: Said): boolean =>
  group.some((word, at) => lexicon.negations.has(word) && group[at + 1] !== 'only');

/** "will be filed", "to be filed"; not "happy to have filed". */
const isForeseen = ({ group }: Said): boolean => {
  const at = group.findLastIndex((word) => lexicon.modals.has(word));
  return at >= 0 && !group.slice(at).includes('have');
};

const generalNoun =
  /\b(?:every|any|each|another|other|earlier|previous|older|first|an?) (?:\S+ )?(?:complaint|case|report|komplen|one)$/u;
const notSaid =
  /\b(?:not|never|no)\b(?: \S+){0,4} (?:say|claim|tell|pretend|know|sure|mean|promise|confirm|think|believe|certain|see|guarantee|assume|se|tel|no)\b/u;
const reported =
  /\b(?:you|they|he|she|yu|den|people) (?:(?:have|had|also|just|don|bin|only) )*(?:said|say|wrote|write|told|mentioned|mention|explained|described|think|thought|believe|heard|hear|mean|meant|se|tok|rayt|tel|tink)\b|\baccording to\b|\bw(?:as|ere) told\b|\b(?:if|whether)\b/u;

/** Where the subject begins that ends before the verb; `head` is its last word. */
const subjectOf = ({
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
const isBent = (said: Said, from: number, head: string): boolean => {
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

const isOfUs = (head: string, said: Said): boolean => lexicon.us.has(head) || (head === 'a' && said.krio);

const passiveOf = (said: Said, head: string, phrase: string): boolean => {
  const { verb, group } = said;
  const isPronoun = lexicon.pronouns.has(head) || head === 'that';
  const past = group.some((word) => word === 'was' || word === 'were');
  switch (verb.of) {
    case 'nothing':
      return isPronoun || lexicon.casePhrase.test(phrase);
    case 'case':
      return (isPronoun && !past && group.length > 0) || lexicon.casePhrase.test(phrase);
    case 'case_by_name':
      return lexicon.casePhrase.test(phrase) && group.length > 0;
    case 'person':
      return (lexicon.personOrOffice.test(head) || lexicon.bodyNoun.test(head)) && group.length > 0;
    case 'data':
      return (isPronoun || lexicon.dataNoun.test(head)) && group.length > 0;
  }
};

const target = /^(?:\S+ ){0,6}?to (?:\S+ ){0,3}?/u;
const aboutCitizen = /^(?:you|me|yu|whether|if|which|what|when|where|how|who|about|that|because|for|us|se)\b/u;
const activeOf = ({ verb, after }: Said): boolean => {
  switch (verb.of) {
    case 'nothing':
      return true;
    case 'case':
      return (
        lexicon.caseObject.test(after) ||
        (verb.effect === 'sent' &&
          target.test(after) &&
          (lexicon.personOrOffice.test(after) || lexicon.bodyNoun.test(after)))
      );
    case 'case_by_name':
      return lexicon.caseObject.test(after);
    case 'person': {
      const object = after.split(' ').slice(0, 6).join(' ');
      return !aboutCitizen.test(after) && (lexicon.personOrOffice.test(object) || lexicon.bodyNoun.test(object));
    }
    case 'data':
      return lexicon.dataNoun.test(after);
  }
};

const earlier = /\b(?:before|bifo|earlier|ago|last|first|previously|already in|since|(?:19|20)\d\d)\b/u;
const listed = /\bfrom (?:\S+ ){0,3}(?:list|payroll|roll|voucher|register|post|job|office|school|house|land)\b/u;
const relative = /^(?:that|which|who|we)$/u;

/** "You have submitted your complaint": what the citizen can only do here. Not what they did elsewhere, or before. */
const isDoneByCitizen = ({ before, after, verb }: Said): boolean => {
  const left = before.at(-2) ?? '';
  const bound = relative.test(left) || lexicon.caseNoun.test(left.replace(/s$/u, ''));
  const elsewhere = earlier.test(after) || lexicon.bodyNoun.test(after);
  return verb.effect === 'filed' && !bound && !elsewhere && /^(?:your|the|this|yu|it|everything|am)\b/u.test(after);
};

/** Without a subject, as in "Filed!", "Sent to the office." */
const isOursBare = (said: Said): boolean => {
  const { verb, after } = said;
  if (verb.of === 'nothing') return true;
  if (verb.of === 'case_by_name' || verb.of === 'person') return false;
  return after === '' || activeOf(said);
};

/** Whether it is of this program that something is said: it did it, or it was done to the complaint. */
const isOurs = (said: Said, head: string): boolean => {
  const { before, after, verb, group, krio } = said;
  const phrase = before.join(' ');
  if (verb.of === 'data' && listed.test(after)) return false;
  if (head === 'we' && krio && before.length > 1) return false;
  if (isOfUs(head, said) && said.active && (activeOf(said) || head !== 'i' || !krio)) return activeOf(said);
  if (head === 'you' || head === 'yu') return isDoneByCitizen(said);
  if (lexicon.others.has(head)) return verb.of === 'person' && !said.active && lexicon.personNoun.test(head);
  const bound = before.length > 1 && relative.test(head);
  const noun = bound ? before.slice(0, -1).join(' ') : phrase;
  if (bound && generalNoun.test(noun)) return false;
  if (!bound && (head === '' || lexicon.openers.has(head))) return isOursBare(said);
  const past = group.some((word) => word === 'was' || word === 'were');
  if (past && lexicon.bodyNoun.test(after.split(' ').slice(0, 4).join(' '))) return false;
  return passiveOf(said, bound ? (before.at(-2) ?? '') : head, noun);
};

const isNobody = (said: Said, { head, from, determiner }: ReturnType<typeof subjectOf>): boolean =>
  lexicon.nobodies.has(head) ||
  /^(?:no|any|every|each|another)$/u.test(determiner) ||
  /\b(?:none|nothing|neither) of$/u.test(said.before.slice(0, from).join(' '));

const conditionFirst =
  /^(?:and |but |so |or |then )*(?:once|when|if|after|as soon as|as long as|unless|until|only when|only if|if yu|we yu|wen|afta|te|bifo|before|say|se)\b/u;
const conditionAfter =
  /^(?:\S+ )?(?:only |just |wit |with )*(?:once|when|if|after|as soon as|unless|until|we|wen|afta|your yes|your own yes)\b/u;
const inPresent = (group: readonly string[]): boolean =>
  group.every((word) => !/^(?:has|have|had|was|were|been|did|don|bin|done|now|already|just|olredi)$/u.test(word)) &&
  group.some((word) => /^(?:is|are|get|gets|de)$/u.test(word));

/** The effects that a clause says are done, given the one before it in the sentence. */
const claimsIn = (clause: Clause, previous: Clause | undefined): readonly Effect[] => {
  const text = lexicon.phrases.reduce((all, [phrase, verb]) => all.replace(phrase, verb), clause.text);
  const words = text.split(' ');
  return words.flatMap((_word, at): readonly Effect[] => {
    const said = saidAt(words, at);
    if (said === undefined || isDenied(said) || isForeseen(said)) return [];
    const subject = subjectOf(said);
    if (isNobody(said, subject) || isBent(said, subject.from, subject.head)) return [];
    if (inPresent(said.group) && (conditionAfter.test(said.after) || conditionFirst.test(previous?.text ?? '')))
      return [];
    if (!isOurs(said, subject.head)) return [];
    const toOthers =
      (said.verb.of === 'person' || said.verb.effect === 'sent') &&
      lexicon.bodyNoun.test(
        isOfUs(subject.head, said) || said.verb.effect === 'sent'
          ? said.after.replace(/\b(?:about|against|bot)\b.*$/u, '')
          : subject.head,
      );
    return [toOthers ? 'never' : said.verb.effect];
  });
};

const open = /\b(?:will|would|shall|should|can|could|may|might|must|to|not|never|nothing|no|go|kin|fo|natin)\b/u;

/** The effects that a sentence says are done although they are not. */
export const falseClaims = (clauses: readonly Clause[], truth: Truth): readonly Effect[] => {
  const found: Effect[] = [];
  let excused = false;
  for (const [at, clause] of clauses.entries()) {
    // "it will be read and filed": what was foreseen, denied or asked still is.
    excused = clause.asks || (clause.goesOn ? excused : false);
    if (!excused) found.push(...claimsIn(clause, clauses[at - 1]));
    excused ||= clause.asks || open.test(clause.text) || reported.test(clause.text);
  }
  return found.filter((effect) => effect === 'never' || !truth[effect]);
};
