import type { Language } from '../../events/catalogue/session.js';
import type { Contact } from './extract.js';
import type { Topic } from './phrases.js';

export type Part = 'description' | 'evidence' | 'classification' | 'identity';
export type IdentityMode = 'named' | 'confidential' | 'anonymous';

/** What a citizen's message asks for or tells; the outcome of `understand`. */
export type Intent =
  /** The story, or more of it, verbatim. */
  | { readonly kind: 'story'; readonly text: string }
  /** Only files, no words. */
  | { readonly kind: 'files' }
  | { readonly kind: 'greeting' | 'thanks' | 'unclear' }
  | { readonly kind: 'question'; readonly topic: Topic }
  | { readonly kind: 'yes' | 'no' | 'not_sure' | 'skip' | 'done' | 'submit' | 'do_not_file' }
  | { readonly kind: 'want_to_file' | 'new_complaint' | 'start_again' | 'withdraw' | 'stop' | 'show_answers' }
  | { readonly kind: 'go_on' | 'repeat' | 'own_number' | 'own_key' | 'erase' | 'noise' | 'grumble' }
  /** What was to be changed stays as it was. */
  | { readonly kind: 'keep_old' }
  | { readonly kind: 'identity'; readonly mode: IdentityMode | null; readonly contact: Contact }
  | { readonly kind: 'share_name'; readonly share: boolean }
  /** `half`: of the classification, the one that is to be changed. */
  | { readonly kind: 'change'; readonly part: Part | null; readonly half?: 'kind' | 'institution' }
  | {
      readonly kind: 'classify';
      readonly category: string | null;
      readonly institution: string | null;
      /** What was said, when it names nothing of the taxonomy. */
      readonly words: string | null;
    }
  | { readonly kind: 'detail'; readonly field: DetailField; readonly value: string }
  | { readonly kind: 'tracking'; readonly number: string }
  /** `words`: the message tells more than number and key. */
  | { readonly kind: 'open_case'; readonly number: string | null; readonly key: string; readonly words: boolean }
  | { readonly kind: 'tracking_ask' | 'track_own' | 'back' | 'add_evidence' | 'person' }
  | { readonly kind: 'answer_office' | 'dispute' }
  | { readonly kind: 'distress' }
  | { readonly kind: 'language'; readonly language: Language };

export type DetailField = 'happenedWhen' | 'happenedWhere' | 'institutionWords' | 'triedBefore' | 'remedyWanted';
export type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** What a message tells besides its main point: "They took my money. I want to stay anonymous." */
export interface Aside {
  readonly distress: boolean;
  readonly identity: 'anonymous' | 'confidential' | null;
  readonly person: boolean;
  /** A tracking number within a longer story. */
  readonly number: string | null;
}

export interface Understood {
  readonly intent: Intent;
  readonly aside: Aside;
}
