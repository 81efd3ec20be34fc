import { afterEach, beforeEach, expect } from 'vitest';
import { readConnectionString } from '../../../src/events/eventstoredb/connection-string.js';
import { createEventStoreDbStore, type EventStoreDbSettings } from '../../../src/events/eventstoredb/event-store.js';
import type { EventStore } from '../../../src/events/store.js';
import { startDouble, type Double } from '../../support/eventstoredb-double/index.js';

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

/** What each test of a file begins with. */
export interface Beginning {
  /** A new one for each test. */
  readonly double: Double;
  /** What the stores of this test said to their log. */
  readonly said: Said[];
  /** Opens a store, on the double unless another address is given. It is closed after the test. */
  open(settings?: Partial<EventStoreDbSettings>, url?: string): Promise<EventStore>;
}

/**
 * Gives each test of a file a double of its own, and puts it and the stores away after it. No test may leave a rejection that
 * nobody heard: the client's traps end in those.
 */
export const doubleForEachTest = (): Beginning => {
  let double: Double;
  let stores: EventStore[] = [];
  let said: Said[] = [];
  const unheard: unknown[] = [];
  const note = (error: unknown): void => void unheard.push(error);
  beforeEach(async () => {
    stores = [];
    said = [];
    unheard.length = 0;
    process.on('unhandledRejection', note);
    double = await startDouble();
  });
  afterEach(async () => {
    double.faults.release();
    double.faults.stallReads(undefined);
    double.wire.thaw();
    await Promise.all(stores.map((store) => store.close()));
    await double.stop();
    process.off('unhandledRejection', note);
    expect(unheard).toEqual([]);
  });
  return {
    get double() {
      return double;
    },
    get said() {
      return said;
    },
    async open(settings = {}, url = double.url) {
      const store = await openStore(url, settings, said);
      stores.push(store);
      return store;
    },
  };
};
