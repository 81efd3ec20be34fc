import type { AnyRecorded } from './catalogue/index.js';
import type { Codec, EventLog, LogMessage } from './event-log.js';
import type { EventPage, EventStore } from './store.js';

/** The typed event log over a store and a codec. Holds nothing of its own: closing the store is the caller's. */
export const createEventLog = ({ store, codec }: { readonly store: EventStore; readonly codec: Codec }): EventLog => {
  async function* readStream(stream: string, fromRevision = 0): AsyncGenerator<AnyRecorded> {
    for await (const event of store.readStream(stream, { from: fromRevision })) {
      yield await codec.open(codec.decode(event));
    }
  }

  async function* readAll(options?: Parameters<EventLog['readAll']>[0]): AsyncGenerator<AnyRecorded> {
    for await (const event of store.readAll(options)) yield codec.decode(event);
  }

  async function* readPages(
    options?: Parameters<EventLog['readPages']>[0],
  ): AsyncGenerator<EventPage<AnyRecorded>, void, undefined> {
    for await (const { events, to } of store.readPages(options)) {
      yield { events: events.map((event) => codec.decode(event)), to };
    }
  }

  async function* subscribe(options: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<LogMessage> {
    for await (const message of store.subscribe({ to: 'all', ...options })) {
      yield message.kind === 'event' ? { kind: 'event', event: codec.decode(message.event) } : message;
    }
  }

  return {
    logId: store.logId,
    append: async (stream, events, expected) => store.append(stream, await codec.encode(events), { expected }),
    readStream,
    readAll,
    readPages,
    subscribe,
    head: () => store.head(),
    open: (event) => codec.open(event),
  };
};
