import { readConnectionString } from '../../../src/events/eventstoredb/connection-string.js';
import { createEventStoreDbStore, type EventStoreDbSettings } from '../../../src/events/eventstoredb/event-store.js';
import type { EventStore } from '../../../src/events/store.js';

/** What the store said to its log. */
export interface Said {
  readonly level: 'debug' | 'warn' | 'error';
  readonly message: string;
}

export const recordingLogger = (said: Said[] = []) => {
  const at = (level: Said['level']) => (_fields: object, message: string) => void said.push({ level, message });
  return { debug: at('debug'), warn: at('warn'), error: at('error') };
};

/** A store as the server would open it; with a small page, so that reads take several. */
export const openStore = (
  url: string,
  settings: Partial<EventStoreDbSettings> = {},
  said: Said[] = [],
): Promise<EventStore> =>
  createEventStoreDbStore({
    address: readConnectionString(url),
    logger: recordingLogger(said),
    settings: {
      streamPrefix: 'citizen.',
      timeoutMs: 10_000,
      readPageEvents: 50,
      appendsInFlight: 256,
      ...settings,
    },
  });
