import type { SessionState } from '../../commands/session/state.js';
import type { Language } from '../../events/catalogue/session.js';
import type { AgentTools } from '../agent.js';
import { plain } from './text-matching.js';

// A citizen who writes Krio reads Krio: the answers to check and all that the program says follow the language that is used, unless
// the citizen asked for one.

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Krio words with plain letters, without those that are English words as well. */
const krioWords = setOf(
  'na don bin fo mi yu wi una den dem dat dis di wetin usay udat ustem sabi kin lek tok posin pikin ol smol boku natin sontin somtin som tide tude tumara moni polis skul ofis ofisa komplen gi tek tel aks rayt wok en bot bikos bikoz insay oda bifo afta ebul ep mek dey noto wan kam bak lef sen rid se tin tem trobul prezident ospitul dokto nos titcha hedmasta peshent fayl sabmit nem',
);
const englishWords = setOf(
  'the is was were are and of to that with for my they them he she it have had has not this you your when me there because after before been who what from but on at by their his her did would will our in',
);
const krioLetters = /[ɛɔŋ]/iu;
/** Who speaks of a language asks for it, or tells of it. */
const namesLanguage = /\b(?:krio|creole|english|inglish|ingilish)\b/iu;
/** The beginning of a long text tells as much as the whole. */
const READ_CHARS = 2000;

/** The language that a text is plainly written in; undefined when it is short, mixed or another one. */
export const languageOf = (text: string): Language | undefined => {
  const read = text.slice(0, READ_CHARS);
  if (namesLanguage.test(read)) return undefined;
  const words = new Set(plain(read).split(' '));
  const krio = [...words].filter((word) => krioWords.has(word)).length;
  const english = [...words].filter((word) => englishWords.has(word)).length;
  const lettered = read.split(/\s+/u).filter((word) => krioLetters.test(word)).length;
  if (krio > english && (krio >= 4 || (krio >= 2 && lettered >= 2))) return 'kri';
  return english >= 4 && english >= 3 * krio && lettered === 0 ? 'en' : undefined;
};

/** The language that a conversation is to go on in after this message; undefined: the one that it has. */
export const languageToFollow = (
  text: string,
  { language, languageFrom }: Pick<SessionState, 'language' | 'languageFrom'>,
): Language | undefined => {
  // English is what everybody begins with, so Krio is followed; back to English only from Krio that nobody chose.
  const mayFollow = language === 'en' ? languageFrom !== 'asked' : languageFrom === 'noticed';
  const used = mayFollow ? languageOf(text) : undefined;
  return used === language ? undefined : used;
};

/** Lets the conversation go on in the language that the citizen uses. */
export const followLanguage = (text: string, tools: Pick<AgentTools, 'issue' | 'state'>): void => {
  const language = languageToFollow(text, tools.state());
  if (language !== undefined) tools.issue({ type: 'ChangeLanguage', language, noticed: true });
};
