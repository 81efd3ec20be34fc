import { findTrackingNumberIn, looksLikeTrackingNumber } from '../../commands/tracking-number.js';
import type { SessionState } from '../../commands/session/state.js';
import { atCard } from './at-card.js';
import { atConfirm } from './at-confirm.js';
import { keyIsBeside, tellsBesideKey } from './beside-key.js';
import { classAnswerIn } from './class-answer.js';
import { changeOf, correctionIn } from './corrections.js';
import { contactIn, emailIn, isEmptyContact, phoneIn, secrecy, tellsOnlyWho, trackingNumberIn } from './extract.js';
import type { Aside, DetailField, Intent, Understood } from './intents.js';
import { caseQuestion } from './case-question.js';
import type { Knowledge } from './knowledge.js';
import { isKeyboardNoise } from './noise.js';
import { isCryForHelp, isDistress, isOnlyFear, tellsHarm } from './distress.js';
import { moreStart, questions, says, type Topic } from './phrases.js';
import { mayKeep, type Question } from './questions.js';
import { core, normalise, sentences, wordCount } from './text-matching.js';

/** What a message is understood by, besides its words. */
export interface Hearing {
  /** The question that the citizen has before their eyes. */
  readonly pending: Question;
  readonly state: SessionState;
  /** How many files came with the message. */
  readonly files: number;
  /** The access key that came with the message and was taken out of the text. */
  readonly handedKey: string | null;
  readonly knowledge: Knowledge;
}

const commands: readonly (readonly [keyof typeof says, Intent])[] = [
  ['submit', { kind: 'submit' }],
  ['signpostOnly', { kind: 'do_not_file' }],
  ['startAgain', { kind: 'start_again' }],
  ['withdraw', { kind: 'withdraw' }],
  ['stop', { kind: 'stop' }],
  ['erase', { kind: 'erase' }],
  ['repeat', { kind: 'repeat' }],
  ['ownNumber', { kind: 'own_number' }],
  ['ownKey', { kind: 'own_key' }],
  ['goBack', { kind: 'back' }],
  ['goOn', { kind: 'go_on' }],
  ['showAnswers', { kind: 'show_answers' }],
  ['person', { kind: 'person' }],
  ['trackOwn', { kind: 'track_own' }],
  ['trackingAsk', { kind: 'tracking_ask' }],
  ['addEvidence', { kind: 'add_evidence' }],
  ['krio', { kind: 'language', language: 'kri' }],
  ['english', { kind: 'language', language: 'en' }],
  ['shareName', { kind: 'share_name', share: true }],
  ['hideName', { kind: 'share_name', share: false }],
  ['anonymous', { kind: 'identity', mode: 'anonymous', contact: {} }],
  ['confidential', { kind: 'identity', mode: 'confidential', contact: {} }],
  ['named', { kind: 'identity', mode: 'named', contact: {} }],
  ['newComplaint', { kind: 'new_complaint' }],
  ['wantToFile', { kind: 'want_to_file' }],
  ['grumble', { kind: 'grumble' }],
];
const answers: readonly (readonly [keyof typeof says, Intent])[] = [
  ['yes', { kind: 'yes' }],
  ['no', { kind: 'no' }],
  ['notSure', { kind: 'not_sure' }],
  ['done', { kind: 'done' }],
  ['skip', { kind: 'skip' }],
  ['greeting', { kind: 'greeting' }],
  ['thanks', { kind: 'thanks' }],
];

/** Characters of the longest message that may be a phrase: longer ones are not even compared. */
const longestPhrase = 200;

const saidOf = (list: readonly (readonly [keyof typeof says, Intent])[], said: string): Intent | undefined =>
  said.length > longestPhrase ? undefined : list.find(([phrase]) => says[phrase].test(said))?.[1];

const topicOf = (said: string): Topic | undefined =>
  said.length > longestPhrase
    ? undefined
    : (Object.keys(questions) as Topic[]).find((topic) => questions[topic].test(said));

const mostFearful = 4;
/** "Who wants to know? I am afraid.": a question with fear beside it, clause by clause. */
const fearfulTopicOf = (text: string): Topic | undefined => {
  const parts =
    text.length > longestPhrase
      ? []
      : text
          .split(/[.,;:!?\n]/u)
          .map(core)
          .filter((part) => part !== '');
  if (parts.length < 2 || parts.length > mostFearful) return undefined;
  const topics = parts.map(topicOf);
  const nothingElse = parts.every((part, at) => topics[at] !== undefined || isOnlyFear(part));
  return nothingElse
    ? (topics.find((topic) => topic === 'safe') ?? topics.find((topic) => topic !== undefined))
    : undefined;
};

const fields: readonly (readonly [DetailField, RegExp])[] = [
  ['happenedWhen', /^(?:when|date|time|day|ustɛm)\s*[:=]\s*(.+)$/iu],
  ['happenedWhere', /^(?:where|place|location|district|usay)\s*[:=]\s*(.+)$/iu],
  ['institutionWords', /^(?:institution|office|ministry|department|ɔfis)\s*[:=]\s*(.+)$/iu],
  ['triedBefore', /^(?:tried|tried before|i tried)\s*[:=]\s*(.+)$/iu],
  ['remedyWanted', /^(?:remedy|i want|wanted|what i want)\s*[:=]\s*(.+)$/iu],
];
/** "where: Bo", for people and programs that fill in a form. */
const detailIn = (text: string): Intent | undefined => {
  for (const [field, pattern] of fields) {
    const value = pattern.exec(text.trim())?.[1]?.trim();
    if (value !== undefined && value !== '' && value.length <= 500) return { kind: 'detail', field, value };
  }
  return undefined;
};

const asksWho: readonly Question[] = ['identity', 'identity_known', 'name', 'name_confidential', 'contact'];

/** Name, telephone or e-mail: as an answer, or as a message that holds little else. */
const identityIn = (text: string, { pending }: Hearing): Intent | undefined => {
  const words = wordCount(text);
  if (asksWho.includes(pending)) {
    const bareNameCounts =
      pending !== 'contact' && ((pending !== 'identity' && pending !== 'identity_known') || looksLikeName(text));
    const contact = contactIn(text, bareNameCounts && words <= 12);
    return isEmptyContact(contact) || words > 25 ? undefined : { kind: 'identity', mode: modeIn(text), contact };
  }
  return words <= 20 && tellsOnlyWho(text)
    ? { kind: 'identity', mode: modeIn(text), contact: contactIn(text, false) }
    : undefined;
};

const looksLikeName = (text: string): boolean =>
  phoneIn(text) !== undefined ||
  emailIn(text) !== undefined ||
  /^\s*\p{Lu}[\p{L}'’.-]+(?:[\s,]+\p{Lu}[\p{L}'’.-]*){1,3}\s*\.?\s*$/u.test(text);

const modeIn = (text: string): 'confidential' | null => (secrecy.test(text) ? 'confidential' : null);

/** What is said about a complaint that was filed; while one is being written the same words mean something else. */
const afterFilingIn = (said: string, { state }: Hearing): Intent | undefined => {
  const asked = Object.values(state.cases).includes('info_requested') || state.openedCases.length > 0;
  if (asked && says.answerOffice.test(said)) return { kind: 'answer_office' };
  const drafting = state.filing && state.ended === null;
  const filedBefore = state.filed !== null || state.openedCases.length > 0;
  const atEase = filedBefore && !drafting && caseQuestion(state) !== 'case_answer';
  if (atEase && says.why.test(said)) return { kind: 'track_own' };
  return atEase && says.dispute.test(said) ? { kind: 'dispute' } : undefined;
};

const noisy: readonly Question[] = ['welcome', 'description', 'more', 'after_end'];
const collecting: readonly Question[] = [...noisy, 'noise'];
const fewestStoryWords = 3;

/** Whatever is said and is nothing else is the story, or more of it; only very few words in the wrong place are unclear. */
const storyIn = (text: string, said: string, { pending }: Hearing): Intent => {
  const words = wordCount(text);
  const asked = collecting.includes(pending);
  // Asked about once; whoever sends it again means it.
  if (noisy.includes(pending) && isKeyboardNoise(text)) return { kind: 'noise' };
  return asked || words >= fewestStoryWords || moreStart.test(said) ? { kind: 'story', text } : { kind: 'unclear' };
};

const longStoryWords = 25;
const bareNumberWords = 6;
/** A wish to follow something that begins like a number, with whatever letters: "I want to track OMB-ZZZZ-ZZZZ-ZZZZ". */
const tracksOddNumber =
  /(?<![\p{L}\p{N}])(?:track|trak|check|chɛk|chek|follow|status|number|nɔmba)(?![\p{L}\p{N}]).*(?<![\p{L}\p{N}])[o0]mb\s?\p{Pd}|^\s*[o0]mb\s?\p{Pd}/isu;
/** With its prefix a number counts anywhere. Without it, three short words and a year could look like one. */
const numberIn = (text: string, { pending }: Hearing): string | undefined => {
  const words = wordCount(text);
  if (words > longStoryWords) return undefined;
  const alone = pending === 'tracking_number' || words <= bareNumberWords;
  const meant = looksLikeTrackingNumber(text) || alone || tracksOddNumber.test(text);
  return meant ? (findTrackingNumberIn(text) ?? trackingNumberIn(text)) : undefined;
};

/** An access key, by itself or with its number. Within a story, or within an answer, it is only kept out of the words. */
const openCaseIn = (text: string, number: string | undefined, { handedKey, state }: Hearing): Intent | undefined => {
  if (handedKey === null) return undefined;
  const key = handedKey;
  const words = tellsBesideKey(text);
  if (!words) return { kind: 'open_case', number: number ?? null, key, words };
  const drafting = state.filing && state.ended === null && !state.tracking;
  const within = drafting || !looksLikeTrackingNumber(text) ? undefined : findTrackingNumberIn(text);
  const its = number ?? within ?? null;
  return its === null && keyIsBeside(state) ? undefined : { kind: 'open_case', number: its, key, words };
};

/** Violence that is told in few words is never a name, an office or a choice; with a telephone number it may be an answer. */
const harmIn = (text: string, said: string, hearing: Hearing): Intent | undefined =>
  tellsHarm(text) && phoneIn(text) === undefined && emailIn(text) === undefined
    ? storyIn(text, said, hearing)
    : undefined;

const intentOf = (text: string, hearing: Hearing): Intent => {
  const said = core(text);
  if (said === '' && hearing.handedKey === null) return hearing.files > 0 ? { kind: 'files' } : { kind: 'unclear' };
  const number = numberIn(text, hearing);
  const byKey = openCaseIn(text, number, hearing);
  if (byKey !== undefined) return byKey;
  if (number !== undefined) return { kind: 'tracking', number };
  if (mayKeep(hearing.pending, hearing.state) && says.keepOld.test(said)) return { kind: 'keep_old' };
  const toConfirm = atConfirm(text, said, hearing.pending) ?? atCard(text, said, hearing);
  if (toConfirm !== undefined) return toConfirm;
  if ((hearing.pending === 'tracking_number' || hearing.pending === 'change_what') && says.back.test(said))
    return { kind: 'back' };
  if (hearing.pending === 'tracking_number' && wordCount(text) <= 12 && says.lostNumber.test(said))
    return { kind: 'own_number' };
  const toChange = hearing.pending === 'change_what' && wordCount(text) <= 6 ? changeOf(said) : null;
  if (toChange !== null && toChange.part !== null) return toChange;
  const afterFiling = afterFilingIn(said, hearing);
  if (afterFiling !== undefined) return afterFiling;
  const spoken = saidOf(commands, said) ?? saidOf(answers, said);
  if (spoken !== undefined) return spoken;
  if (isCryForHelp(said)) return { kind: 'distress' };
  const topic = topicOf(said) ?? fearfulTopicOf(text);
  if (topic !== undefined) return { kind: 'question', topic };
  return (
    detailIn(text) ??
    harmIn(text, said, hearing) ??
    identityIn(text, hearing) ??
    correctionIn(said, hearing) ??
    classAnswerIn(text, said, hearing) ??
    storyIn(text, said, hearing)
  );
};

const silent: Aside = { distress: false, identity: null, person: false, number: null };
const anonymousWithin = /\b(?:report|complain|file|stay|remain|be|keep me|write) (?:this |it )?anonymous(?:ly)?\b/u;

/** What a longer message tells besides the story. Whole sentences only, so that a word in the story never counts. */
const asideOf = (text: string): Aside => {
  const parts = sentences(text).map(core);
  const some = (phrase: RegExp): boolean => parts.length > 1 && parts.some((part) => phrase.test(part));
  const anonymous = some(says.anonymous) || anonymousWithin.test(normalise(text));
  return {
    distress: isDistress(text),
    identity: anonymous ? 'anonymous' : some(says.confidential) ? 'confidential' : null,
    person: some(says.person),
    number:
      wordCount(text) > longStoryWords && looksLikeTrackingNumber(text) ? (findTrackingNumberIn(text) ?? null) : null,
  };
};

/**
 * Understands one message of a citizen. Pure and total: any text has exactly one intent.
 * @param text as the citizen wrote it
 */
export const understand = (text: string, hearing: Hearing): Understood => {
  const intent = intentOf(text, hearing);
  if (intent.kind === 'story' || intent.kind === 'unclear') return { intent, aside: asideOf(text) };
  // A cry for help is heard whatever else the message is.
  return { intent, aside: { ...silent, distress: intent.kind !== 'distress' && isDistress(text) } };
};
