import type { EventLog } from '../src/events/event-log.js';
import type { CitizenOutcome } from './citizen.js';
import { sessionStream } from '../src/events/catalogue/index.js';
import { parseTrackingNumber } from '../src/commands/tracking-number.js';

/** What is wrong with one conversation, in words; empty when all is as it must be. */
export const auditConversation = async (log: EventLog, outcome: CitizenOutcome): Promise<string[]> => {
  const wrong: string[] = [];
  const heard: string[] = [];
  const replies = new Map<string, number>();
  const messageIds: string[] = [];
  let submitted = 0;
  let state = 'greeting';
  for await (const event of log.readStream(sessionStream(outcome.sessionId))) {
    switch (event.type) {
      case 'UserMessageReceived':
        heard.push(event.data.text);
        messageIds.push(event.meta.id);
        break;
      case 'AgentReplied':
        replies.set(event.data.answers, (replies.get(event.data.answers) ?? 0) + 1);
        break;
      case 'ComplaintSubmitted':
        submitted += 1;
        if (event.data.trackingNumber !== outcome.trackingNumber) wrong.push('another tracking number than was shown');
        break;
      case 'SessionStateChanged':
        state = event.data.to;
        break;
      default:
        break;
    }
  }
  const expected = outcome.said.map((message) => message.text);
  if (heard.length < expected.length) wrong.push(`${expected.length - heard.length} message(s) missing`);
  if (heard.length > expected.length) wrong.push(`${heard.length - expected.length} message(s) doubled`);
  if (heard.length === expected.length && heard.some((text, index) => text !== expected[index]))
    wrong.push('out of order');
  if (messageIds.some((id) => replies.get(id) !== 1)) wrong.push('a message without exactly one reply');
  if (submitted !== 1) wrong.push(`${submitted} filings`);
  if (state !== 'completed') wrong.push(`ended in state ${state}`);
  if (parseTrackingNumber(outcome.trackingNumber ?? '') === undefined) wrong.push('no valid tracking number');
  return wrong;
};
