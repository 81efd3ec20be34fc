import { randomUUID } from 'node:crypto';
import type { StoreLogger } from '../store-logger.js';
import { invalidAppend, isStoreUnavailable, storeUnavailable } from '../store.js';
import type { AppendResult, ExpectedRevision, NewEvent } from '../store.js';
import { fullJitterMs, pause } from '../waiting.js';
import type { Appended, AppendMessage } from './append-calls.js';
import type { Connection } from './connection.js';
import { decideAppend, placeEvents } from './decide-append.js';
import { classify, describeFailure, needsNewConnection, type Failure } from './failures.js';
import { createKnownStreams, extended, noStream, type KnownStream } from './known-streams.js';
import { createLanes } from './lanes.js';
import { nowAndThen } from './now-and-then.js';
import { readStream, type Reading } from './reader.js';
import { encodeEvent } from './stored-event.js';

export interface Appender {
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;
  /** Refuses new appends and waits for those under way. */
  close(): Promise<void>;
}

export interface AppenderOptions {
  readonly connection: Connection;
  readonly reading: Reading;
  /** How long one append is tried. */
  readonly timeoutMs: number;
  /** Most appends on their way at the same time. */
  readonly inFlight: number;
  /** Told where an append ended. */
  readonly onWritten: (position: bigint) => void;
  readonly logger: StoreLogger;
}

/** One call of `append`. */
interface Task {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
  readonly deadline: number;
  /** Set when a try was made whose outcome nobody knows. */
  maybeWritten: boolean;
}

/** A try is cut off at this part of the whole time, so that there is another one. */
const TRIES = 4;
const SHORTEST_TRY_MS = 500;
/** All appends fail at once when the server is lost. */
const TELL_FAILED_MS = 1_000;

/**
 * Appends. The server checks one exact revision for each, whatever the caller expects: so the place in the chain of hashes
 * holds, a group lands whole, and a try whose outcome is unknown can be repeated as it is. Whether ids are known, the stream
 * itself tells, however long ago they were written.
 */
export const createAppender = (options: AppenderOptions): Appender => {
  const { connection, reading, timeoutMs, logger } = options;
  const known = createKnownStreams();
  const lanes = createLanes(options.inFlight);
  const tell = nowAndThen(TELL_FAILED_MS);

  const outOfTime = ({ maybeWritten }: Task): Error =>
    storeUnavailable('The event store could not be reached in time', maybeWritten ? 'unknown' : 'none');
  const movesOn = ({ maybeWritten }: Task): Error =>
    storeUnavailable(
      'Its stream is never where it was read to be: others write to it all the time, or it was truncated',
      maybeWritten ? 'unknown' : 'none',
    );
  /** Reads for an append, in what is left of its time. */
  const readFor = (task: Task): Reading => ({
    ...reading,
    timeoutMs: Math.max(SHORTEST_TRY_MS, task.deadline - performance.now()),
  });

  /** Reads what the stream has beyond what is known of it. */
  const load = async (task: Task): Promise<KnownStream> => {
    const { stream } = task;
    let state = known.get(stream) ?? noStream;
    known.forget(stream);
    for await (const event of readStream(readFor(task), stream, { from: state.revision + 1 })) {
      state = extended(state, [event]);
    }
    if (state.revision >= 0) known.set(stream, state);
    return state;
  };

  const placeOf = async (task: Task, revision: number, duplicate: boolean): Promise<AppendResult> => {
    for await (const event of readStream(readFor(task), task.stream, { from: revision, limit: 1 })) {
      if (event.revision === revision) return { revision, position: event.position, duplicate };
    }
    throw storeUnavailable('An event that was there cannot be read back', 'none');
  };

  /** Sends one message until its outcome is known. Gives what the server said, or why it was not written. */
  const send = async (
    message: AppendMessage,
    task: Task,
  ): Promise<{ readonly appended: Appended; readonly repeated: boolean } | { readonly failed: Failure }> => {
    let repeated = false;
    for (let attempt = 0; ; attempt++) {
      const leftMs = task.deadline - performance.now();
      if (leftMs <= 0) throw outOfTime(task);
      const generation = connection.current;
      const startedAt = performance.now();
      try {
        const tryMs = Math.min(leftMs, Math.max(SHORTEST_TRY_MS, timeoutMs / TRIES));
        return { appended: await generation.appends.append(message, tryMs), repeated };
      } catch (error) {
        // Not the server's: it was not even asked, because its log is not ours.
        if (isStoreUnavailable(error)) throw error;
        const failure = classify(error);
        switch (failure) {
          case 'conflict':
          case 'no-stream':
          case 'tombstoned':
          case 'refused':
            return { failed: failure };
          case 'denied':
            throw storeUnavailable('The event store refuses: check the rights in EVENTSTORE_URL', 'none', error);
          case 'unknown':
            repeated = true;
            task.maybeWritten = true;
            break;
          case 'not-now':
            break;
        }
        tell(() => logger.warn({ err: describeFailure(error) }, 'An append failed and is tried again, as may others'));
        // A server that answered others meanwhile is only slow.
        if (needsNewConnection(error) && generation.heard.at < startedAt) connection.replace(generation);
        await pause(fullJitterMs(attempt));
      }
    }
  };

  const write = async (task: Task, state: KnownStream): Promise<AppendResult | 'moved'> => {
    const { stream, events } = task;
    const placed = placeEvents(stream, events, state, Date.now());
    const message: AppendMessage = {
      stream: reading.prefix + stream,
      expected: state.revision,
      events: placed.map((event) => ({ ...encodeEvent(event), serverId: randomUUID() })),
    };
    const sent = await send(message, task);
    if ('failed' in sent) {
      if (sent.failed === 'tombstoned') throw invalidAppend('its stream was deleted for good');
      if (sent.failed === 'refused') throw invalidAppend('the event store refuses it (perhaps it is too large)');
      return 'moved';
    }
    const { appended, repeated } = sent;
    const revision = state.revision + events.length;
    if (appended.revision !== revision) {
      known.forget(stream);
      logger.error(
        { err: { revision, at: appended.revision } },
        'A stream of the log was deleted before: its chain is broken',
      );
      task.maybeWritten = true; // it is, and if its place cannot be read, nobody can say where
      return placeOf(task, appended.revision, false);
    }
    known.set(
      stream,
      extended(
        state,
        placed.map(({ event, revision: at, hash }) => ({ id: event.id, revision: at, hash })),
      ),
    );
    // The answer to a repetition need not say where the first one landed.
    if (repeated || appended.position === undefined) {
      task.maybeWritten = true;
      return placeOf(task, revision, false);
    }
    return { revision, position: appended.position, duplicate: false };
  };

  const append = async (task: Task): Promise<AppendResult> => {
    const { stream, events, expected } = task;
    let fresh = false;
    let moves = 0;
    // A stream that shall be created is most probably not there: the server will say so if it is.
    let state = known.get(stream) ?? (expected === 'noStream' ? noStream : undefined);
    for (;;) {
      // Also when it only waited behind others that were tried in vain.
      if (performance.now() >= task.deadline) throw moves > 1 ? movesOn(task) : outOfTime(task);
      if (state === undefined) {
        state = await load(task);
        fresh = true;
      }
      const decision = decideAppend(stream, events, expected, state);
      if (decision.kind === 'duplicate') return placeOf(task, decision.revision, true);
      if (decision.kind === 'refuse' && (decision.final || fresh)) throw decision.error;
      if (decision.kind === 'write') {
        const written = await write(task, state);
        if (written !== 'moved') {
          options.onWritten(written.position);
          return written;
        }
        // Once is a race that was lost. A stream whose events were all truncated away is never where it seems to be.
        if (moves++ > 0) await pause(fullJitterMs(moves));
      }
      state = undefined;
    }
  };

  return {
    append: async (stream, events, expected) => {
      const task: Task = {
        ...{ stream, events, expected },
        deadline: performance.now() + timeoutMs,
        maybeWritten: false,
      };
      try {
        return await lanes.run(stream, () => append(task));
      } catch (error) {
        // A read that failed says that it wrote nothing; a try before it may have.
        if (task.maybeWritten && isStoreUnavailable(error) && error.outcome === 'none') {
          throw storeUnavailable(error.message, 'unknown', error);
        }
        throw error;
      }
    },
    close: () => lanes.close(),
  };
};
