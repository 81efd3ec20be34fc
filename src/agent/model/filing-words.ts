import { sentencesOf } from './guard.js';

// What a model may say beside a filing and after it. The program tells that the complaint is filed; words that say otherwise are
// left out.

const denied = "(?:not|never|nothing|isn['’]t|hasn['’]t|wasn['’]t|haven['’]t|nɔ|natin)";
const filed = '(?:filed|submitted|lodged|fayl)';
/** "Nothing is filed yet", "it has not been submitted", "natin nɔ fayl". */
const denies = new RegExp(`\\b${denied}\\b(?: [^\\s.!?]+){0,4} ${filed}\\b`, 'iu');

const asks = /\b(?:say|se|write|send|type|rayt) (?:just )?["“'‘]?(?:yes|yɛs)\b|\?["”'’]?\s*$/iu;
const filesAgain =
  /\b(?:cannot|can['’]t|could not|unable)\b[^.!?\n]*\b(?:file|submit|lodge)\b|\b(?:ready|going|about|want) to (?:file|submit|lodge)\b|\b(?:i|we)(?: will|['’]ll| go) (?:now |then |soon )?(?:file|submit|lodge|fayl)\b|\b(?:before|when|once|until) (?:i|we|you) (?:file|submit|lodge|fayl)\b/iu;

const without = (words: string, ...patterns: readonly RegExp[]): string =>
  sentencesOf(words)
    .filter((sentence) => !patterns.some((pattern) => pattern.test(sentence)))
    .join('')
    .trim();

/**
 * The model's words in a turn in which the complaint was filed: without the sentences that deny it, and without questions, as the
 * only one that was open has its answer.
 */
export const besideFiling = (words: string): string => without(words, denies, filesAgain, asks);

/** The model's words in the turns after it, while no other complaint is being written: without the sentences that deny it. */
export const afterFiling = (words: string): string => without(words, denies);

/**
 * The model's words above a question of the program's whose yes does something for good: without questions of its own, and without
 * saying what a yes does. A yes must mean one thing.
 */
export const besideQuestion = (words: string): string => without(words, asks);
