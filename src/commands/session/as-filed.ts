import { sessionStream } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import type { EvolveSession } from './evolve.js';
import { initialSession } from './initial.js';
import type { SessionState } from './state.js';

/** So much of a description is looked for to know a list of the answers: a card may show less than all of it. */
const HEAD_CHARS = 40;

export interface AsFiled {
  /** The conversation as it was when the complaint was filed; null: it was not filed in this one. */
  readonly state: SessionState | null;
  /** Event ids of the replies that listed the answers. */
  readonly lists: ReadonlySet<string>;
}

const headOf = (description: string): string => (description.split('\n')[0] ?? '').slice(0, HEAD_CHARS);

/**
 * Reads a conversation once more up to its filing: what was filed, and which replies only repeat it.
 * @param complaintId of the complaint; one conversation can file several, one after the other
 */
export const readAsFiled = async (
  { log, evolve }: { readonly log: Pick<EventLog, 'readStream'>; readonly evolve: EvolveSession },
  sessionId: string,
  complaintId: string,
): Promise<AsFiled> => {
  let state = initialSession;
  let filed: SessionState | null = null;
  const heads = new Set<string>();
  const replies: { readonly id: string; readonly text: string }[] = [];
  for await (const event of log.readStream(sessionStream(sessionId))) {
    const { id } = event.meta;
    state = evolve(state, { event, id });
    if (state.draft.description !== null) heads.add(headOf(state.draft.description));
    if (event.type === 'AgentReplied' && event.data.asked === 'confirm') replies.push({ id, text: event.data.text });
    if (event.type === 'ComplaintSubmitted' && event.data.complaintId === complaintId) filed = state;
  }
  const isList = (text: string): boolean => [...heads].some((head) => head !== '' && text.includes(head));
  return { state: filed, lists: new Set(replies.filter(({ text }) => isList(text)).map(({ id }) => id)) };
};
