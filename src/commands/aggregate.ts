import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent } from '../events/catalogue/index.js';
import type { EventLog, EventToAppend } from '../events/event-log.js';
import { isEventIdConflict, isWrongExpectedRevision } from '../events/store-errors.js';
import type { Refusal } from './decision.js';
import { createKeyedQueue } from './keyed-queue.js';
import { createLru } from './lru.js';

/** What folding may use of an event, recorded or about to be. */
export interface Fact {
  readonly event: { readonly type: string; readonly data: unknown };
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly occurredAt: string;
}

/** A folded stream. `position` is the place in the whole log of the last event folded; 0n before the first. */
export interface Loaded<S> {
  readonly state: S;
  readonly position: bigint;
}

/** Events of a decision that the aggregate is to append, with ids, times and actor; none: nothing to do. */
export type Decided =
  { readonly ok: true; readonly events: readonly EventToAppend[] } | { readonly ok: false; readonly refusal: Refusal };

export type Outcome<E extends DomainEvent = DomainEvent> =
  | {
      readonly ok: true;
      /** Revision of the stream's last event that the command knows of, its own included. */
      readonly revision: number;
      readonly position: bigint;
      /** What was appended; empty when the command was true already. */
      readonly events: readonly E[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

export interface AggregateOptions<S extends { readonly revision: number }> {
  readonly log: EventLog;
  readonly streamOf: (id: string) => string;
  readonly initial: S;
  readonly evolve: (state: S, fact: Fact) => S;
  /** Folded states kept in memory, the least recently used one is dropped first. Default 2,000. */
  readonly cachedStates?: number;
  /** Tries of one command before the conflict is given to the caller. Default 5. */
  readonly maxTries?: number;
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number;
  /** Waits so many milliseconds between two tries. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

export interface Aggregate<S> {
  /** The state as the log tells it now. Reads only what came after the state in memory. */
  load(id: string): Promise<Loaded<S>>;
  /** The state in memory, if there is one: the log may have moved on. Reads nothing. */
  recall(id: string): S | undefined;
  /**
   * Loads, decides and appends with the exact expected revision; decides again when another writer was faster.
   * @throws WrongExpectedRevisionError after `maxTries` lost races; StoreUnavailableError
   */
  transact(id: string, decide: (state: S) => Decided): Promise<Outcome>;
}

const BASE_PAUSE_MS = 5;

/**
 * Command handling for one kind of stream: load, fold, decide, append, retry. States are kept in memory, which is safe
 * beside other processes because every append names the exact revision that it was decided on, and because a refusal is
 * given only after the log was asked for news.
 */
export const createAggregate = <S extends { readonly revision: number }>(
  options: AggregateOptions<S>,
): Aggregate<S> => {
  const { log, streamOf, initial, evolve, chance, maxTries = 5, pause = (ms: number) => delay(ms) } = options;
  const cache = createLru<Loaded<S>>(options.cachedStates ?? 2_000);
  const oneAtATime = createKeyedQueue();

  const refresh = async (id: string): Promise<Loaded<S>> => {
    const known = cache.get(id) ?? { state: initial, position: 0n };
    let { state, position } = known;
    for await (const recorded of log.readStream(streamOf(id), state.revision + 1)) {
      const { id: eventId, occurredAt } = recorded.meta;
      state = evolve(state, { event: recorded, id: eventId, occurredAt });
      position = recorded.meta.position;
    }
    const loaded = state === known.state ? known : { state, position };
    if (state.revision >= 0) cache.set(id, loaded);
    return loaded;
  };

  const append = async (id: string, loaded: Loaded<S>, events: readonly EventToAppend[]): Promise<Outcome> => {
    const { revision } = loaded.state;
    const result = await log.append(streamOf(id), events, revision < 0 ? 'noStream' : revision);
    // Events that were there already may lie anywhere in the stream: the state in memory says nothing about them.
    if (result.duplicate) {
      cache.delete(id);
      return { ok: true, revision: result.revision, position: result.position, events: [] };
    }
    const state = events.reduce(evolve, loaded.state);
    cache.set(id, { state, position: result.position });
    return { ok: true, revision: result.revision, position: result.position, events: events.map(({ event }) => event) };
  };

  /** One decision on the freshest state that it needs: a cached one is enough to append on, not to refuse on. */
  const decideOnce = async (id: string, decide: (state: S) => Decided): Promise<[Loaded<S>, Decided]> => {
    const cached = cache.get(id);
    if (cached !== undefined) {
      const decided = decide(cached.state);
      if (decided.ok && decided.events.length > 0) return [cached, decided];
    }
    const fresh = await refresh(id);
    return [fresh, decide(fresh.state)];
  };

  const transact = async (id: string, decide: (state: S) => Decided): Promise<Outcome> => {
    for (let attempt = 1; ; attempt++) {
      const [loaded, decided] = await decideOnce(id, decide);
      if (!decided.ok) return decided;
      if (decided.events.length === 0)
        return { ok: true, revision: loaded.state.revision, position: loaded.position, events: [] };
      try {
        return await append(id, loaded, decided.events);
      } catch (error) {
        // An id that is partly known: another process appended the same message with other events beside it.
        if (attempt >= maxTries || !(isWrongExpectedRevision(error) || isEventIdConflict(error))) throw error;
        if (isWrongExpectedRevision(error) && error.actual < loaded.state.revision) cache.delete(id);
        await pause(BASE_PAUSE_MS * 2 ** attempt * chance());
        await refresh(id);
      }
    }
  };

  return {
    load: refresh,
    recall: (id) => cache.get(id)?.state,
    transact: (id, decide) => oneAtATime(id, () => transact(id, decide)),
  };
};
