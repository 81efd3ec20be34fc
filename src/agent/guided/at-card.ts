import { isOnlyFear, tellsHarm } from './distress.js';
import type { Intent } from './intents.js';
import { says } from './phrases.js';
import type { SessionState } from '../../commands/session/state.js';
import type { Question } from './questions.js';
import { core, whole } from './text-matching.js';

// "Yes, and please hurry" at the check-answers card is no clear yes, and no part of what happened either.

/** A yes, in so many words, and what stands behind it. */
const yesAnd =
  /^(?:(?:yes|yeah|yep|ok|okay|sure|correct|right) )+(?:(?:you can |go ahead and )?(?:file|submit|send|fayl|sabmit|sen) (?:it|am|my complaint|mi komplen) )?(?:(?:and|but|en|bot|only|please|so|then) )*(.+)$/u;
const secret = whole(
  '(?:please )?(?:keep|kip|hide) (?:my name|me|it|this|am|mi nem) (?:secret|confidential|private|sikrit)(?: (?:from|frɔm) (?:\\p{L}{1,15} ?){1,4})?',
  '(?:(?:do not|dont|nɔ) (?:tell|show|give|share|send)(?: (?:it|my name|this))?(?: (?:to|with))?|not (?:to|with)|(?:nɔ|nɔto) (?:to|tɛl|gi|sho)) (?:\\p{L}{1,15} ?){1,4}',
);
const remark = whole(
  '(?:i want you to |you must )?(?:hurry(?: up)?|be (?:quick|fast)|(?:do it |make it )?(?:quick|fast|quickly|soon|very soon|as soon as possible|asap)|do not delay|dont delay|help me|i am in a hurry|it is urgent|its urgent|god bless you|du am kwik|kwik|kwik kwik|nɔ lɛf am lɔng|ɛp mi)',
  '(?:i am|im|a de|a) (?:(?:so|very|really|still|a bit|a little) )*(?:scared|afraid|worried|nervous|frightened|fred|fraid)(?: (?:of (?:them|him|her|it)|now))?',
);

interface AtCard {
  readonly pending: Question;
  readonly state: SessionState;
}

/** What is said beside a yes at the card; undefined when it tells something, or asks for a change. */
export const atCard = (text: string, said: string, { pending, state }: AtCard): Intent | undefined => {
  if (pending !== 'confirm' || said.length > 120 || tellsHarm(text)) return undefined;
  const beside = yesAnd.exec(said)?.[1];
  if (beside === undefined) return undefined;
  const rest = core(beside);
  if (secret.test(rest) || says.confidential.test(rest))
    // Without a name there is none to keep secret.
    return state.draft.identity?.mode === 'anonymous'
      ? { kind: 'show_answers' }
      : { kind: 'identity', mode: 'confidential', contact: {} };
  return remark.test(rest) || isOnlyFear(rest) ? { kind: 'show_answers' } : undefined;
};
