import type { SessionState } from '../../commands/session/state.js';
import type { Clause } from './guard-clauses.js';
import {
  isBent,
  isDenied,
  isForeseen,
  isNobody,
  isOfUs,
  reported,
  saidAt,
  subjectOf,
  type Said,
} from './guard-grammar.js';
import * as lexicon from './guard-words.js';
import type { Effect } from './guard-words.js';

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

const generalNoun =
  /\b(?:every|any|each|another|other|earlier|previous|older|first|an?) (?:\S+ )?(?:complaint|case|report|komplen|one)$/u;
const passiveOf = (said: Said, head: string, phrase: string): boolean => {
  const { verb, group } = said;
  const isPronoun = lexicon.pronouns.has(head) || head === 'that';
  const past = group.some((word) => word === 'was' || word === 'were');
  switch (verb.of) {
    case 'nothing':
      return isPronoun || lexicon.casePhrase.test(phrase);
    case 'case': {
      // An earlier complaint was filed; withdrawn it was not.
      const any =
        verb.effect === 'withdrawn' ? phrase.replace(/\b(?:earlier|first|previous|last|other|old) /gu, '') : phrase;
      return (isPronoun && !past && group.length > 0) || lexicon.casePhrase.test(any);
    }
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
