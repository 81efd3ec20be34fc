import type { EventLog } from '../../src/events/event-log.js';
import { conversations, serviceRequests, type History } from '../../test/support/sample-histories.js';

const LANES = 100;

/** Histories until there are enough events: the sample data, as often as it takes. */
function* enough(events: number, isWanted: (history: History) => boolean): Generator<History> {
  let given = 0;
  const all = function* (): Generator<History> {
    yield* serviceRequests();
    yield* conversations(Number.POSITIVE_INFINITY);
  };
  for (const history of all()) {
    if (given >= events) return;
    if (!isWanted(history)) continue;
    given += history.events.length;
    yield history;
  }
}

export interface SeedOptions {
  /** Which histories are taken; default: all. */
  readonly isWanted?: (history: History) => boolean;
  readonly onProgress?: (events: number) => void;
}

/** Appends so many events of the sample data, or a few more. Gives the streams, in the order in which they began. */
export async function seedHistory(
  log: Pick<EventLog, 'append'>,
  events: number,
  { isWanted = () => true, onProgress }: SeedOptions = {},
): Promise<readonly string[]> {
  const source = enough(events, isWanted);
  const streams: string[] = [];
  let appended = 0;
  const write = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      const { stream, events: history } = next.value;
      streams.push(stream);
      await log.append(stream, history, 'noStream');
      appended += history.length;
      onProgress?.(appended);
    }
  };
  await Promise.all(Array.from({ length: LANES }, write));
  return streams;
}
