import { complaintStream } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';

/**
 * What the office asks the citizen now, word for word, or null when the case does not wait for them. Read from the log each time:
 * no text of a citizen's case is kept in memory beyond its erasure.
 * @returns `ERASED` when the key was destroyed
 */
export const readOpenQuestion = async (
  log: Pick<EventLog, 'readStream'>,
  complaintId: string,
): Promise<string | null> => {
  let question: string | null = null;
  for await (const event of log.readStream(complaintStream(complaintId))) {
    if (event.type === 'CaseMoved') question = null;
    if (event.type === 'CitizenAsked') ({ question } = event.data);
  }
  return question;
};

/** What the office wrote to the citizen about the present state of the case, word for word. */
export interface OfficeWords {
  /** What it asks now. */
  readonly question: string | null;
  /** Why it cannot take the complaint up. */
  readonly reason: string | null;
}

/** Reads both from the log; what was erased is as if it had not been written. */
export const readOfficeWords = async (log: Pick<EventLog, 'readStream'>, complaintId: string): Promise<OfficeWords> => {
  let words: OfficeWords = { question: null, reason: null };
  for await (const event of log.readStream(complaintStream(complaintId))) {
    if (event.type === 'CitizenAsked') words = { ...words, question: event.data.question };
    if (event.type !== 'CaseMoved') continue;
    const { to, note } = event.data;
    // Closed after it was found inadmissible: the reason stays the same.
    const reason = to === 'not_admissible' ? (note ?? null) : to === 'closed' ? words.reason : null;
    words = { question: null, reason };
  }
  const readable = (text: string | null): string | null => (text === ERASED ? null : text);
  return { question: readable(words.question), reason: readable(words.reason) };
};
