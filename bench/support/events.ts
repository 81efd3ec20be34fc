import type { EventStore, NewEvent } from '../../src/events/store.js';
import { newId } from '../../src/platform/ids.js';

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
export const filledStream = (number: number): string => `filled-${number}`;

/** Fills a log with so many events, in streams of `EVENTS_PER_STREAM`. */
export async function fill(store: EventStore, from: number, to: number): Promise<void> {
  const streams = Array.from({ length: (to - from) / EVENTS_PER_STREAM }, (_, index) =>
    filledStream(from / EVENTS_PER_STREAM + index),
  );
  const lane = async (): Promise<void> => {
    for (let stream = streams.pop(); stream !== undefined; stream = streams.pop()) {
      const events = Array.from({ length: EVENTS_PER_STREAM }, benchEvent);
      await store.append(stream, events, { expected: 'noStream' });
    }
  };
  await Promise.all(Array.from({ length: 100 }, lane));
}
