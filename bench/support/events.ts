import type { EventStore, NewEvent } from '../../src/events/store.js';
import { newId, newSessionId } from '../../src/platform/ids.js';

/** About the size of a citizen's message once it is sealed. */
export const payload = JSON.stringify({
  text: `sealed:v1:content:AAAAAAAAAAAAAAAAAAAAAA:${'x'.repeat(200)}`,
  clientId: '0198a0de-0000-7000-8000-000000000001',
});

export const benchEvent = (): NewEvent => ({
  id: newId(),
  type: 'UserMessageReceived',
  schemaVersion: 1,
  payload,
  occurredAt: new Date().toISOString(),
  correlationId: 'bench',
  actor: { kind: 'citizen' },
});

/** Events per stream of a filled log: a conversation. */
export const EVENTS_PER_STREAM = 10;

/** Names without order, as those of sessions are, so that indexes grow everywhere. */
export const newBenchStream = (): string => `session-${newSessionId()}`;

/** Appends so many events, in streams of `EVENTS_PER_STREAM`. */
export async function fill(store: EventStore, events: number): Promise<void> {
  let left = events / EVENTS_PER_STREAM;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const conversation = Array.from({ length: EVENTS_PER_STREAM }, benchEvent);
      await store.append(newBenchStream(), conversation, { expected: 'noStream' });
    }
  };
  await Promise.all(Array.from({ length: 100 }, lane));
}
