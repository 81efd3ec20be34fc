import type { SessionState } from '../../../commands/session/state.js';
import { tellsOnlyWho } from '../../guided/extract.js';
import { wordCount } from '../../guided/text-matching.js';
import type { Spoken } from '../conversation.js';

// What a citizen told and no tool kept. A model may ask for more before it records anything; the story is not lost by that.

/** A message of the citizen before the one that is answered. */
export interface EarlierMessage {
  /** Its revision in the session: the same whenever it is looked at. */
  readonly number: number;
  readonly text: string;
}

/** Fewer words are an answer to something, rarely a story. */
const FEWEST_WORDS = 3;

/** Whether a message stands in the description as a whole: messages are joined by an empty line. */
export const standsIn = (text: string, description: string | null): boolean =>
  description !== null && `\n\n${description}\n\n`.includes(`\n\n${text}\n\n`);

/**
 * Messages of this conversation, before the one that is answered, that may still become a part of the complaint: they tell
 * something, belong to nothing that is over, say more than who the writer is, and do not stand in the description. Oldest first.
 */
export const notKept = (
  conversation: readonly Spoken[],
  { draft }: Pick<SessionState, 'draft'>,
  messageId: string,
): readonly EarlierMessage[] =>
  conversation.flatMap((one): readonly EarlierMessage[] => {
    if (one.by !== 'citizen' || one.messageId === messageId || one.over === true) return [];
    const { text, revision: number } = one;
    const tells = wordCount(text) >= FEWEST_WORDS && !tellsOnlyWho(text);
    return tells && !standsIn(text, draft.description) ? [{ number, text }] : [];
  });
