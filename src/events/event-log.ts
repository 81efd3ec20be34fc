import type { Actor } from './envelope.js';
import type { AnyRecorded, DomainEvent } from './catalogue/index.js';
import type { PersonalClass } from './personal.js';
import type {
  AppendResult,
  EventPage,
  ExpectedRevision,
  LogHead,
  NewEvent,
  RecordedEvent,
  SubscriptionMessage,
} from './store.js';

/**
 * The event log as the rest of the program sees it: typed events of the catalogue over an `EventStore`. Personal fields are
 * sealed on the way in. On the way out they are opened (`readStream`, `open`) or left sealed (`readAll`, `subscribe`):
 * projections keep them sealed, so that a destroyed key is forgotten in the read models too.
 */
export interface EventLog {
  readonly logId: string;
  append(stream: string, events: readonly EventToAppend[], expected: ExpectedRevision): Promise<AppendResult>;
  /** Opened events of one stream from `fromRevision` (default 0), unknown types included as `Unknown`. */
  readStream(stream: string, fromRevision?: number): AsyncIterable<AnyRecorded>;
  /** Sealed events of the whole log. */
  readAll(options?: {
    after?: bigint;
    until?: bigint;
    types?: readonly string[];
    pageSize?: number;
    /** `none`: `meta.hash` may be ''. */
    hashes?: 'none' | 'stream';
  }): AsyncIterable<AnyRecorded>;
  /** The same in pages. See `EventStore.readPages`. */
  readPages(options?: Parameters<EventLog['readAll']>[0]): AsyncIterable<EventPage<AnyRecorded>>;
  /** Sealed events, live. See `EventStore.subscribe`. */
  subscribe(options: {
    after: bigint | 'end';
    types?: readonly string[];
    signal: AbortSignal;
  }): AsyncIterable<LogMessage>;
  head(): Promise<LogHead>;
  /** Opens the personal fields of one event (a copy). Erased fields read as `ERASED`; never throws for a missing key. */
  open<E extends AnyRecorded>(event: E): Promise<E>;
}

export type LogMessage =
  | { readonly kind: 'event'; readonly event: AnyRecorded }
  | Extract<SubscriptionMessage, { kind: 'caught-up' | 'checkpoint' }>;

export interface EventToAppend {
  readonly event: DomainEvent;
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** Whose keys seal the personal fields: the session id (the complaint that grows out of it has the same subject). */
  readonly subject: string;
}

/** Seals, opens, upcasts and validates: between domain events and what the store keeps. */
export interface Codec {
  encode(events: readonly EventToAppend[]): Promise<NewEvent[]>;
  /** Sealed form: personal fields are still sealed strings (`sealed:v1:…`). Synchronous, never throws for a missing key. */
  decode(event: RecordedEvent): AnyRecorded;
  open<E extends AnyRecorded>(event: E): Promise<E>;
  /** Opens one sealed string, as projections keep it. A destroyed key gives `ERASED`. A string that is not sealed throws. */
  openText(sealed: string): Promise<string>;
}

/** Data keys per subject and class, outside the log, wrapped by the master key. */
export interface KeyStore {
  /** Makes the key when the subject has none. @throws SubjectErasedError when that key was destroyed. */
  keyForSealing(subject: string, personalClass: PersonalClass): Promise<Buffer>;
  /** `erased` when destroyed or unknown. */
  keyForOpening(subject: string, personalClass: PersonalClass): Promise<Buffer | 'erased'>;
  /** Destroys keys for ever, on all processes within `KEY_CACHE_TTL_MS`. Gives how many were there. */
  destroy(subject: string, classes: readonly PersonalClass[]): Promise<number>;
}
