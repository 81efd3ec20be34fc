import type { AnyRecorded } from '../../src/events/catalogue/index.js';
import type { Codec } from '../../src/events/event-log.js';
import type { EventStore } from '../../src/events/store.js';
import { createMemoryRows } from '../../src/projections/memory-rows.js';
import type { Projection, Row } from '../../src/projections/projection.js';

/** What every view must show of some conversations and cases in which nothing happens any more. */
export interface KnownRows {
  /** Ids of these conversations and cases, and all first keys of their rows. */
  readonly ids: readonly string[];
  /** By the name of the projection. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** So many of them, spread evenly. */
export const spread = <T>(things: readonly T[], count: number): readonly T[] =>
  things.filter(
    (_, index) => Math.floor((index * count) / things.length) < Math.floor(((index + 1) * count) / things.length),
  );

const readStreams = async (
  store: Pick<EventStore, 'readStream'>,
  codec: Pick<Codec, 'decode'>,
  streams: readonly string[],
): Promise<readonly AnyRecorded[]> => {
  const events: AnyRecorded[] = [];
  for (const stream of streams) for await (const event of store.readStream(stream)) events.push(codec.decode(event));
  return events.sort((a, b) => Number(a.meta.position - b.meta.position));
};

/** Folds the events of these streams, in memory, with the functions of each projection. */
export const foldKnownRows = async (
  projections: readonly Projection[],
  store: Pick<EventStore, 'readStream'>,
  codec: Pick<Codec, 'decode'>,
  streams: readonly string[],
): Promise<KnownRows> => {
  const events = await readStreams(store, codec, streams);
  const rows: Record<string, readonly Row[]> = {};
  const ids = new Set(streams.map(idOf));
  for (const projection of projections) {
    const memory = createMemoryRows(projection);
    await memory.fold(events);
    rows[projection.name] = memory.rows();
    for (const row of memory.rows()) ids.add(String(row[projection.key[0] ?? '']));
  }
  return { ids: [...ids], rows };
};
