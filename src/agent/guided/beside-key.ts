import { caseQuestion } from './case-question.js';
import type { SessionState } from '../../commands/session/state.js';
import { KEY_MASK } from '../../commands/handed-key.js';
import { withoutBareNumbers, withoutPrefixedNumbers } from '../../commands/tracking-number.js';
import { fold, normalise } from './text-matching.js';

// Number and key are often sent within a sentence. What the sentence tells besides them must not be lost.

/** A number with its prefix, also with a typing error. */
const oddNumber = /(?<![\p{L}\p{N}])[o0]mb(?:[\s\p{Pd}]*[\p{L}\p{N}]{4}(?![\p{L}\p{N}])){1,3}/giu;

/** Words that hand over a number and a key, or ask for the complaint, in English and Krio; they tell nothing else. */
const handingOver = new Set(
  `a an the my mine me i we it its this that these is are was am here with and for of on to in by also please pls then now so just
  hello hi hey good morning afternoon evening sir madam thanks thank you ok okay yes can could may will would let us
  key keys access secret code number numbers tracking omb complaint complaints case report ref reference status password pin
  have has got want need like send sent give gave given use using open show see read check track follow find look up into about again
  old other another stands stand how does what back take found lost at last
  kushe tenki duya a di na mi ya wit en fo ki nomba kod sikrit akses komplen kes opin sho si rid chek trak fala wan gi sen dis dat de`
    .split(/\s+/u)
    .map(fold),
);

/** Whether a message with an access key in it tells anything besides number and key. */
export const tellsBesideKey = (text: string): boolean => {
  const rest = withoutBareNumbers(withoutPrefixedNumbers(text.replaceAll(KEY_MASK, ' '))).replace(oddNumber, ' ');
  return fold(normalise(rest))
    .split(' ')
    .some((word) => word !== '' && !handingOver.has(word));
};

/** Whether words with a key, but without a number, are what they would be without the key: an answer, or a part of the story. */
export const keyIsBeside = (state: SessionState): boolean => {
  const drafting = state.filing && state.ended === null;
  const known = state.lookedUp !== null || state.filed !== null;
  return caseQuestion(state) !== undefined || (!state.tracking && (drafting || !known));
};
