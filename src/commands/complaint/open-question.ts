import { complaintStream } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';

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
