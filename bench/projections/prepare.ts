import { createReactorCheckpoints } from '../../src/events/postgres/reactor-checkpoints.js';
import { createCodec } from '../../src/events/codec.js';
import { eventDefinitions } from '../../src/events/catalogue/index.js';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { createEventLog } from '../../src/events/typed-log.js';
import { loadConfig } from '../../src/platform/config.js';
import { createLogger } from '../../src/platform/logging.js';
import { projections } from '../../src/projections/read-models/index.js';
import { openStorage, type Storage } from '../../src/storage.js';
import type { History } from '../../test/support/sample-histories.js';
import { seedHistory } from '../support/history.js';
import { foldKnownRows, spread, type KnownRows } from './known-rows.js';

/** Reactors of a server: what is in the history was seen to long ago. */
const reactors = ['case-opener', 'case-messenger', 'case-courier', 'erasure-finisher'];

const KNOWN_SESSIONS = 40;
const KNOWN_CASES = 20;

/** Nothing is left to be done by a server: the conversation rests, and its rows stay as they are. */
const isAnswered = ({ events }: History): boolean => {
  const answered = new Set(events.flatMap(({ event }) => (event.type === 'AgentReplied' ? [event.data.answers] : [])));
  return events.every(({ event, id }) => event.type !== 'UserMessageReceived' || answered.has(id));
};

/** Opens the storage of the servers, as a tool beside them, for as long as the work takes. */
export const withStorage = async <T>(
  env: Readonly<Record<string, string>>,
  work: (storage: Storage) => Promise<T>,
): Promise<T> => {
  const config = loadConfig({ ...env, LOG_LEVEL: 'error' });
  const storage = await openStorage(config, createLogger(config), { as: 'tool' });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
};

/** Fills the log, before any server was started, and says which rows must be found of some of what is in it. */
export const prepareHistory = (
  env: Readonly<Record<string, string>>,
  events: number,
  onProgress: (events: number) => void,
): Promise<KnownRows> =>
  withStorage(env, async ({ store, log: { logId }, pool }) => {
    // Keys that nobody keeps: nothing of the history is ever opened, and a table of so many would only take time.
    const codec = createCodec({ definitions: eventDefinitions, keys: createMemoryKeyStore() });
    const log = createEventLog({ store, codec });
    const streams = await seedHistory(log, events, { isWanted: isAnswered, onProgress });
    const { position } = await log.head();
    const checkpoints = createReactorCheckpoints({ pool, logId });
    for (const name of reactors) await checkpoints.save(name, position);
    await pool.query('VACUUM ANALYZE events');
    const of = (category: string): readonly string[] => streams.filter((stream) => stream.startsWith(category));
    const known = [...spread(of('session-'), KNOWN_SESSIONS), ...spread(of('complaint-'), KNOWN_CASES)];
    return foldKnownRows(projections, store, codec, known);
  });
