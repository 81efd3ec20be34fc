import type { Actor } from './envelope.js';
import type { ExpectedRevision } from './store-errors.js';

export * from './store-errors.js';

/**
 * The port to the event log: what every adapter (PostgreSQL, EventStoreDB / KurrentDB) promises.
 *
 * Promises, each one a case of the contract suite in `test/contract/event-store-contract.ts`:
 *  - `append` is atomic per stream, idempotent by event id, and decides each call alone: a conflict never fails a neighbour.
 *  - A reader of the whole log never sees a position appear behind one that it has already passed, and sees each stream
 *    in the order of its revisions, however many writers there are.
 *  - Events are never changed. Each carries the hash of the one before it in its stream, and its own (see `hash-chain.ts`).
 *    An adapter that knows positions before it writes also keeps the chain over all streams; one that does not leaves
 *    `logHash` out everywhere, and `citizen verify` says so.
 *
 * Not the port's job: what an event means, its schema, encryption of personal fields (all that is the codec's).
 */
export interface EventStore {
  /** Names this log. Changes when the log is restored from a back-up or replaced; a checkpoint belongs to one log. */
  readonly logId: string;

  /** Whether positions count events one by one, so that a hole shows. Otherwise they only grow. */
  readonly contiguous: boolean;

  /**
   * Appends events to one stream, all or none, durably.
   * Appending ids that the stream already holds is a success that changes nothing and gives the first result again,
   * whatever `expected` says.
   * @throws WrongExpectedRevisionError when the stream's revision is not the expected one (nothing was written)
   * @throws EventIdConflictError when only part of the batch is known to the stream, or an id occurs twice in it; an adapter
   *         with an index of all ids may also refuse one that another stream has
   * @throws InvalidAppendError when there are no events, or a name, id, time or text can never be stored
   * @throws StoreUnavailableError when the store could not be reached within the append time-out; the outcome was then
   *         retried with the same ids and is unknown only if this error says so (`outcome: 'unknown'`)
   */
  append(stream: string, events: readonly NewEvent[], options: AppendOptions): Promise<AppendResult>;

  /** Events of one stream in order of revision. A stream that does not exist yields nothing. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;

  /**
   * Events of the whole log in order of position, from just after `after` up to the head at the time of the call.
   * @throws LogGapError when an adapter whose positions are contiguous finds one missing (unfiltered reads only)
   */
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;

  /**
   * The same in pages of at most `pageSize` events, for who works in bulk: an event of its own costs more to hand over than to
   * read. The last page reaches `until`; pages may be empty. The next one is read while the consumer works on this one.
   */
  readPages(options?: Omit<ReadAllOptions, 'limit'>): AsyncIterable<EventPage<RecordedEvent>>;

  /**
   * A record that stands where no reader gets to, behind the head or before position 1: nobody appended it. Undefined when there is
   * none. Only of stores whose head is kept apart from the events.
   */
  misplaced?(): Promise<MisplacedRecord | undefined>;

  /** Position and time of the last event of the log, or `position: 0n` when it is empty. */
  head(): Promise<LogHead>;

  /**
   * Catch-up subscription: history, then a `caught-up` signal, then live events, for ever, until `signal` aborts (then the
   * iteration ends normally). Resumes by itself after a lost connection, without a gap and without a repeat.
   * Pull-based: a slow consumer slows only itself. A damaged log ends it with a LogGapError.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;

  close(): Promise<void>;
}

/** An event as it is handed to the store: personal fields are already sealed, `payload` is the JSON text to be kept. */
export interface NewEvent {
  /** UUID; the key of idempotence. */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text made by `JSON.stringify`; the hash covers exactly this. */
  readonly payload: string;
  /** ISO 8601 UTC with milliseconds: when it happened, by the clock of whoever recorded it. */
  readonly occurredAt: string;
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly actor: Actor;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Place in the whole log, more than 0. Only positions that a store gave are handed back to it. Decimal string at every JSON edge. */
  readonly position: bigint;
  /** ISO 8601 UTC with milliseconds, set by the store, never decreasing along the log as long as its clock does not. */
  readonly recordedAt: string;
  /** When the hash was made, if the store sets `recordedAt` only afterwards; the hash then covers this time instead. */
  readonly hashedAt?: string | undefined;
  /** Lower-case hex SHA-256 of the event before it in its stream; 64 zeros for revision 0. */
  readonly previousHash: string;
  /** Lower-case hex SHA-256, see `hash-chain.ts`. */
  readonly hash: string;
  /** Lower-case hex SHA-256 of the whole log up to here. Only when all hashes were asked for, of stores that keep it. */
  readonly logHash?: string | undefined;
}

export interface AppendOptions {
  readonly expected: ExpectedRevision;
}

export interface AppendResult {
  /** Revision of the last event of this append. */
  readonly revision: number;
  /** Position of the last event of this append. */
  readonly position: bigint;
  /** True when the events were already there and nothing was written. */
  readonly duplicate: boolean;
}

export interface ReadStreamOptions {
  readonly direction?: 'forwards' | 'backwards';
  /** First revision to give (inclusive). Default: the start (forwards) or the end (backwards). */
  readonly from?: number;
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Exclusive. Default 0n: from the start. */
  readonly after?: bigint;
  /** Inclusive upper bound. Default: the head at the time of the call. */
  readonly until?: bigint;
  readonly types?: readonly string[];
  readonly limit?: number;
  /** Events per round trip, default `READ_PAGE_EVENTS`. */
  readonly pageSize?: number;
  /**
   * Which hashes each event carries. `stream` (default): `hash` and `previousHash`. `all`: `logHash` too, if the store keeps
   * it. `none`: both may be '', for readers in bulk that want none and shall not wait for them.
   */
  readonly hashes?: 'none' | 'stream' | 'all';
}

/** A part of the whole log. */
export interface EventPage<E> {
  readonly events: readonly E[];
  /** All that matches up to here has been given, with this page and those before it. */
  readonly to: bigint;
}

export interface LogHead {
  readonly position: bigint;
  readonly recordedAt: string | null;
  /** How far positions go that may have been given out: further than `position` where others write into the same log. */
  readonly end?: bigint | undefined;
  /** Positions only grow: how many events lie between two of them cannot be told. */
  readonly sparse?: true | undefined;
  /** `logHash` of the last event, of stores that keep it; 64 zeros when the log is empty. */
  readonly logHash?: string | undefined;
}

export interface MisplacedRecord {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
}

export interface SubscribeOptions {
  /** `'all'` or one stream. */
  readonly to: 'all' | { readonly stream: string };
  /** Exclusive. For `all` a position; for a stream a revision (-1: from the start). `'end'`: only what comes after now. */
  readonly after: bigint | number | 'end';
  readonly types?: readonly string[];
  readonly signal: AbortSignal;
}

export type SubscriptionMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /**
   * All that was in the log when this was sent has been given. Sent again each time there were new events and they have
   * all been given. `position` is a place in the whole log, also when the subscription is to one stream.
   */
  | { readonly kind: 'caught-up'; readonly position: bigint }
  /** No event matched the filter up to here: a checkpoint may move. */
  | { readonly kind: 'checkpoint'; readonly position: bigint };
