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
      /** It belongs to what is over: another complaint, words for the office, an access key. Never a part of this complaint. */
      readonly over?: true;
    }
  | { readonly by: 'assistant'; readonly answers: string; readonly text: string; readonly name: string }
  | { readonly by: 'officer'; readonly text: string };

/** Reads what was said in a session up to (and with) a message. */
export type ReadConversation = (sessionId: string, untilRevision: number) => Promise<readonly Spoken[]>;

/** What an event says to everybody in the conversation, if anything. */
export const spokenBy = (event: AnyRecorded): Spoken | undefined => {
  switch (event.type) {
    case 'UserMessageReceived': {
      const { text, evidenceIds, accessKey } = event.data;
      const { id: messageId, revision } = event.meta;
      const said = { by: 'citizen', messageId, revision, text, files: evidenceIds.length } as const;
      return accessKey === undefined ? said : { ...said, over: true };
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

/** What is over by the time of a message: everything up to a revision, and single messages. */
const overBy = (
  events: readonly AnyRecorded[],
  untilRevision: number,
): { readonly until: number; readonly messages: ReadonlySet<string> } => {
  const revisions = new Map(events.map(({ meta }) => [meta.id, meta.revision]));
  const messages = new Set<string>();
  let until = -1;
  // Of a conversation that is read from its middle it is not known: then what was restarted counts as a draft.
  let drafting = (events[0]?.meta.revision ?? 0) > 0;
  for (const event of events) {
    const { type, meta } = event;
    if (meta.revision >= untilRevision) break;
    if (event.type === 'CaseRequestMade') event.data.messageIds.forEach((id) => messages.add(id));
    if (type === 'FilingStarted') drafting = true;
    const ends =
      type === 'ComplaintSubmitted' || type === 'DraftWithdrawn' || (type === 'SessionRestarted' && drafting);
    if (!ends) continue;
    // The turn's own message ended it; one that came while it was answered did not.
    until = revisions.get(meta.causationId ?? '') ?? meta.revision;
    drafting = false;
  }
  return { until, messages };
};

/**
 * What was said up to (and with) a message, out of the events of a session.
 * @param events in order, without holes; not necessarily from the start
 * @param untilRevision of the message
 */
export const conversationOf = (events: readonly AnyRecorded[], untilRevision: number): readonly Spoken[] => {
  const over = overBy(events, untilRevision);
  const spoken = events.flatMap((event): readonly Spoken[] => {
    const one = spokenBy(event);
    if (one === undefined || one.text === ERASED) return [];
    const isOver = one.by === 'citizen' && (one.revision <= over.until || over.messages.has(one.messageId));
    return [isOver ? { ...one, over: true } : one];
  });
  return inOrder(spoken, untilRevision);
};

/**
 * Reads conversations from the event log, at most so many events back: what is older fits no context, and what it told stands
 * in the session's state.
 */
export const createReadConversation =
  (log: Pick<EventLog, 'readStream'>, events = 400): ReadConversation =>
  async (sessionId, untilRevision) => {
    const read: AnyRecorded[] = [];
    for await (const event of log.readStream(sessionStream(sessionId), Math.max(0, untilRevision - events)))
      read.push(event);
    return conversationOf(read, untilRevision);
  };
