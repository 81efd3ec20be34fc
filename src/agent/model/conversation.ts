import { sessionStream, type AnyRecorded } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';

/** What was said so far, as the log tells it: only what everybody in the conversation saw. Access keys are not in it. */
export type Spoken =
  | {
      readonly by: 'citizen';
      readonly messageId: string;
      readonly revision: number;
      readonly text: string;
      readonly files: number;
    }
  | { readonly by: 'assistant'; readonly answers: string; readonly text: string; readonly name: string }
  | { readonly by: 'officer'; readonly text: string };

/** Reads what was said in a session up to (and with) a message. */
export type ReadConversation = (sessionId: string, untilRevision: number) => Promise<readonly Spoken[]>;

/** What an event says to everybody in the conversation, if anything. */
export const spokenBy = (event: AnyRecorded): Spoken | undefined => {
  switch (event.type) {
    case 'UserMessageReceived': {
      const { text, evidenceIds } = event.data;
      const { id: messageId, revision } = event.meta;
      return { by: 'citizen', messageId, revision, text, files: evidenceIds.length };
    }
    case 'AgentReplied':
      return {
        by: 'assistant',
        answers: event.data.answers,
        text: event.data.text,
        name: event.data.agent.name,
      };
    case 'OfficerReplied':
      return { by: 'officer', text: event.data.text };
    default:
      return undefined;
  }
};

/**
 * In the order in which it was meant: each reply stands after the message that it answers, although the log may hold a later
 * message before it. Later messages than the one of `untilRevision` are left out: their turn comes.
 */
export const inOrder = (spoken: readonly Spoken[], untilRevision: number): readonly Spoken[] => {
  const replies = new Map(spoken.flatMap((one) => (one.by === 'assistant' ? [[one.answers, one] as const] : [])));
  return spoken.flatMap((one): readonly Spoken[] => {
    if (one.by === 'assistant') return [];
    if (one.by === 'officer') return [one];
    if (one.revision > untilRevision) return [];
    const reply = replies.get(one.messageId);
    return reply === undefined ? [one] : [one, reply];
  });
};

/**
 * Reads conversations from the event log, at most so many events back: what is older fits no context, and what it told stands
 * in the session's state.
 */
export const createReadConversation =
  (log: Pick<EventLog, 'readStream'>, events = 400): ReadConversation =>
  async (sessionId, untilRevision) => {
    const spoken: Spoken[] = [];
    for await (const event of log.readStream(sessionStream(sessionId), Math.max(0, untilRevision - events))) {
      const one = spokenBy(event);
      if (one !== undefined && one.text !== ERASED) spoken.push(one);
    }
    return inOrder(spoken, untilRevision);
  };
