import type { Refusal } from '../../commands/decision.js';
import type { SessionState } from '../../commands/session/state.js';
import type { Language } from '../../events/catalogue/session.js';
import { fillIn } from '../texts/packs.js';
import type { TextKey, TextValues } from '../texts/keys.js';
import type { TextPack } from '../texts/packs.js';
import type { AgentTools } from '../agent.js';
import type { Knowledge } from './knowledge.js';
import type { Question } from './questions.js';

/** A command that the assistant may issue. */
export type GuidedCommand = Parameters<AgentTools['issue']>[0];

/** A value in a text: words, or words by language. */
export type Value = string | Readonly<Record<Language, string>>;

/** One text with its values, before the language is known. */
export interface Line {
  readonly key: TextKey;
  readonly values: Readonly<Record<string, Value>>;
}
/** One line, or several that stand close together. */
export type Paragraph = Line | readonly Line[];

/** What to do and say about one message. The question that follows is found afterwards, from the state then reached. */
export interface Plan {
  readonly commands: readonly GuidedCommand[];
  readonly say: readonly Paragraph[];
  readonly effect?:
    | { readonly kind: 'submit' }
    /** `number: null`: the one found last. `complaintId`: this conversation may speak for it, and sees what the office wrote. `wordsUnused`: the message told more than the number. */
    | {
        readonly kind: 'look_up';
        readonly number: string | null;
        readonly complaintId?: string;
        readonly wordsUnused?: boolean;
      }
    /** `number: null`: the one found before, or of the complaint filed here. `words`: the message that tells more than the key. */
    | {
        readonly kind: 'open_case';
        readonly number: string | null;
        readonly key: string;
        readonly words: string | null;
      };
  /** Ask this instead of what the state suggests. */
  readonly ask?: Question;
  /** The question was said already, or should not be pressed now: only its quick replies are shown. */
  readonly quiet?: boolean;
  /** The citizen knows that the matter is outside the mandate and goes on. */
  readonly mandateSettled?: boolean;
  /** The citizen gave no contact when asked. */
  readonly contactSettled?: boolean;
  /** Show the answers even if they were shown before. */
  readonly showCard?: boolean;
}

/** The situation in which a message is answered. */
export interface View {
  readonly state: SessionState;
  readonly pending: Question;
  readonly message: {
    readonly messageId: string;
    readonly text: string;
    readonly files: number;
    /** The access key that was taken out of the text. */
    readonly handedKey: string | null;
  };
  readonly knowledge: Knowledge;
}

type ValuesOf<K extends TextKey> = { readonly [P in keyof TextValues<K>]: Value };

/** A line with the values that its text needs. */
export const line = <K extends TextKey>(
  key: K,
  ...values: [keyof TextValues<K>] extends [never] ? [] : [values: ValuesOf<K>]
): Line => ({ key, values: values[0] ?? {} });

export const plan = (given: Partial<Plan>): Plan => ({ commands: [], say: [], ...given });

const wordsOf = (value: Value, language: Language): string => (typeof value === 'string' ? value : value[language]);

const renderLine = ({ key, values }: Line, pack: TextPack): string => {
  const words = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, wordsOf(value, pack.language)]),
  );
  // `line` saw to it that the values fit the key.
  return fillIn(pack, key, words as TextValues<TextKey>);
};

/** The text of a reply: paragraphs with an empty line between them. */
export const render = (paragraphs: readonly Paragraph[], pack: TextPack): string =>
  paragraphs
    .map((paragraph) => (Array.isArray(paragraph) ? (paragraph as readonly Line[]) : [paragraph as Line]))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((one) => renderLine(one, pack)).join('\n'))
    .join('\n\n');

/** Kind words for a rule's no. */
export const refusalLine = ({ code }: Refusal): Line => {
  switch (code) {
    case 'already_submitted':
      return line('refused_submitted');
    case 'message_too_long':
      return line('refused_too_long');
    case 'erased':
      return line('refused_erased');
    case 'identity_incomplete':
      return line('refused_incomplete');
    case 'standing_locked':
      return line('refused_locked');
    case 'description_missing':
    case 'not_filing':
      return line('nothing_yet');
    case 'not_confirmed':
    case 'answers_not_shown':
      return line('confirm_plain');
    default:
      return line('refused_other');
  }
};
