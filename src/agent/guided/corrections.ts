import { isDescribed } from '../../commands/session/derive-state.js';
import type { SessionState } from '../../commands/session/state.js';
import type { Intent, IntentOf, Part } from './intents.js';
import type { Knowledge } from './knowledge.js';
import { wordCount } from './text-matching.js';

interface CorrectionContext {
  readonly state: SessionState;
  readonly knowledge: Knowledge;
}

const partWords: readonly (readonly [Part, RegExp])[] = [
  [
    'description',
    /\b(?:descriptions?|story|stories|text|words|what happened|complaint text|statement|wetin apin|tori)\b/u,
  ],
  ['evidence', /\b(?:evidence|files?|photos?|pictures?|documents?|proof|videos?|fayl|fayl den|pikcho|pepa)\b/u],
  [
    'classification',
    /\b(?:category|class|classification|kind|type|institution|office|ministry|department|agency|problem|ofis|kayn|ministri|dipatment)\b/u,
  ],
  ['identity', /\b(?:name|phone|number|contact|email|e mail|identity|address|details|nem|fon|imel)\b/u],
];
export const partIn = (said: string): Part | null => partWords.find(([, words]) => words.test(said))?.[0] ?? null;

/** "The category" may be either: the quick reply for both of them says so. */
const eitherWords = /\b(?:category|class|classification)\b/u;
const kindWords = /\b(?:kind|type|kayn)\b/u;
const officeWords = /\b(?:institution|office|ministry|department|agency|ofis|ministri|dipatment)\b/u;
/** The wish to change what the words name: of the classification the kind or the office, when only one of them is named. */
export const changeOf = (said: string): IntentOf<'change'> => {
  const part = partIn(said);
  const [kind, office] = [kindWords.test(said), officeWords.test(said)];
  return part !== 'classification' || kind === office || eitherWords.test(said)
    ? { kind: 'change', part }
    : { kind: 'change', part, half: kind ? 'kind' : 'institution' };
};

const changeStart =
  /^(?:(?:i |we )?(?:want to |would like to |need to |have to |wish to |can i |could i |may i |let me |id like to |a wan )?(?:please )?)(?:change|edit|correct|fix|update|redo|rewrite|modify|chenj)\b ?(.*)$/u;
/** "Yes, but first change the office to …": the change is meant, not the yes. */
const yesBut =
  /^(?:(?:yes|yeah|ok|okay|no|wait|but|bot|first|fos|before that|please|also|and|just|correct|good|fine|submit|file it|then) )+/u;
const isWrong =
  /^(?:the |my |this )?(.{3,30}?) (?:is|are) (?:wrong|not right|incorrect|not correct|false|a mistake)$|^wrong (.{3,30})$/u;
const ratherIt =
  /^(?:no |not that |wrong )?(?:it is|its|it s|this is|it was|i mean|i meant|it should be|should be|na|rather|the office is|the institution is|the category is|about|it is about|its about|change (?:the )?(?:category|institution|office|kind|ministry) to) (?:about )?(?:the |a |an )?(.{2,60})$/u;

/** "change the description", "the category is wrong", "no, it is the police". */
export const correctionIn = (said: string, { state, knowledge }: CorrectionContext): Intent | undefined => {
  if (wordCount(said) > 12) return undefined;
  const rest = said.replace(yesBut, '');
  if (rest !== said && changeStart.test(rest)) return correctionIn(rest, { state, knowledge });
  const instead = ratherIt.exec(said)?.[1] ?? /^(?:no|not) (?:the |di )?(.{2,40})$/u.exec(said)?.[1];
  // Before there is a story, "it is about the police" begins it.
  const named = instead === undefined || !isDescribed(state) ? undefined : namedIn(instead, knowledge);
  if (named !== undefined) return named;
  const wrong = isWrong.exec(said);
  const toRight = wrong === null ? null : changeOf(wrong[1] ?? wrong[2] ?? '');
  if (toRight !== null && toRight.part !== null) return toRight;
  const change = changeStart.exec(said);
  if (change === null) return undefined;
  const about = change[1] ?? '';
  const wish = changeOf(about);
  const vague =
    /^(?:|it|this|that|something|one thing|my answers?|an answer|the answers?|my complaint|the complaint|sontin|am|mi ansa|di ansa|mi komplen)$/u;
  return wish.part !== null || vague.test(about) ? wish : undefined;
};

export const namedIn = (text: string, { classifier }: Knowledge): Intent | undefined => {
  const { category, institution } = classifier.named(text);
  if (category === undefined && institution === undefined) return undefined;
  // One word may name both ("school"): in an answer about the office, the office is meant.
  return institution === undefined
    ? { kind: 'classify', category: category ?? null, institution: null, words: null }
    : { kind: 'classify', category: null, institution, words: null };
};
