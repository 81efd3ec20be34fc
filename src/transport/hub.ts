import { sessionIdOf, sessionStream, type AnyRecorded } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';

/** Receives opened events of one session: in order of revision, none missing, none twice. Must not block. */
export interface SessionListener {
  onEvents(events: readonly AnyRecorded[]): void;
  /** All that the log held at the time of joining has been given. Called once. */
  onCaughtUp?(): void;
  /** Events could not be read; nothing more will come. The listener has left. */
  onFailed(error: unknown): void;
}

export interface Hub {
  /** Begins to read the log. Resolves when the live subscription stands: what is appended from now on will be seen. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * Gives all events of a session after `afterRevision` (-1: from the first), then live ones as they are appended, from any
   * process. Gives a function that leaves.
   */
  join(sessionId: string, options: { readonly afterRevision: number } & SessionListener): () => void;
  /** How many sessions somebody listens to. */
  sessions(): number;
}

interface Member {
  readonly listener: SessionListener;
  /** Revision of the last event given. */
  last: number;
  /** While history is read, live events wait here; null once the member is live. */
  waiting: AnyRecorded[] | null;
  left: boolean;
}

interface Channel {
  readonly members: Set<Member>;
  /** Events are opened one after the other, so that they stay in order. */
  tail: Promise<void>;
}

type Log = Pick<EventLog, 'readStream' | 'subscribe' | 'open' | 'head'>;

/** Events handed over at once while history is read. */
const HISTORY_BATCH = 100;
const RESTART_MS = 200;

/**
 * One subscription of the log for the whole process, and every listener of a session gets every event of it. Events are
 * opened once per session, and only if somebody listens. A listener that throws or lags is alone with that.
 */
export const createHub = (deps: {
  readonly log: Log;
  readonly onError: (error: unknown) => void;
  /** Sees every event of a session, sealed, whether somebody listens or not. */
  readonly watch?: (sessionId: string, event: AnyRecorded) => void;
}): Hub => {
  const channels = new Map<string, Channel>();
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  const leave = (sessionId: string, member: Member): void => {
    member.left = true;
    member.waiting = null;
    const channel = channels.get(sessionId);
    if (channel?.members.delete(member) === true && channel.members.size === 0) channels.delete(sessionId);
  };

  /** Hands over what is new to the member. @returns false when an event in between is missing */
  const give = (sessionId: string, member: Member, events: readonly AnyRecorded[]): boolean => {
    const fresh: AnyRecorded[] = [];
    let last = member.last;
    for (const event of events) {
      if (event.meta.revision <= last) continue;
      if (event.meta.revision !== last + 1) return false;
      fresh.push(event);
      last += 1;
    }
    if (member.left || fresh.length === 0) return true;
    member.last = last;
    try {
      member.listener.onEvents(fresh);
    } catch (error) {
      fail(sessionId, member, error);
    }
    return true;
  };

  const fail = (sessionId: string, member: Member, error: unknown): void => {
    if (member.left) return;
    leave(sessionId, member);
    deps.onError(error);
    member.listener.onFailed(error);
  };

  /** Reads the stream from where the member stands, then what came meanwhile, then lets it go live: once, in one tick. */
  const catchUp = async (sessionId: string, member: Member): Promise<void> => {
    for (;;) {
      let page: AnyRecorded[] = [];
      for await (const event of deps.log.readStream(sessionStream(sessionId), member.last + 1)) {
        if (member.left) return;
        page.push(event);
        if (page.length < HISTORY_BATCH) continue;
        give(sessionId, member, page);
        page = [];
      }
      give(sessionId, member, page);
      const meanwhile = member.waiting ?? [];
      member.waiting = [];
      if (!give(sessionId, member, meanwhile)) continue; // The read was behind what came live: read again.
      member.waiting = null;
      return;
    }
  };

  const replay = (sessionId: string, member: Member, done: () => void): void => {
    member.waiting = [];
    catchUp(sessionId, member).then(
      () => {
        if (!member.left) done();
      },
      (error: unknown) => fail(sessionId, member, error),
    );
  };

  const deliver = (sessionId: string, channel: Channel, event: AnyRecorded): void => {
    for (const member of channel.members) {
      if (member.waiting !== null) member.waiting.push(event);
      else if (!give(sessionId, member, [event])) replay(sessionId, member, () => undefined);
    }
  };

  const onSealedEvent = (event: AnyRecorded): void => {
    const sessionId = sessionIdOf(event.meta.stream);
    if (sessionId !== undefined) deps.watch?.(sessionId, event);
    const channel = sessionId === undefined ? undefined : channels.get(sessionId);
    if (sessionId === undefined || channel === undefined) return;
    channel.tail = channel.tail
      .then(async () => {
        if (channel.members.size > 0) deliver(sessionId, channel, await deps.log.open(event));
      })
      .catch((error: unknown) => {
        deps.onError(error);
        for (const member of channel.members) if (member.waiting === null) replay(sessionId, member, () => undefined);
      });
  };

  const stopped = (): boolean => stopping.signal.aborted;

  const follow = async (from: bigint): Promise<void> => {
    let after = from;
    while (!stopped()) {
      try {
        for await (const message of deps.log.subscribe({ after, signal: stopping.signal })) {
          if (message.kind === 'event') onSealedEvent(message.event);
          after = message.kind === 'event' ? message.event.meta.position : message.position;
        }
      } catch (error) {
        deps.onError(error);
      }
      if (!stopped()) await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
    }
  };

  return {
    start: async () => {
      const head = await deps.log.head();
      running = follow(head.position);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    join: (sessionId, listener) => {
      const channel = channels.get(sessionId) ?? { members: new Set<Member>(), tail: Promise.resolve() };
      channels.set(sessionId, channel);
      const member: Member = { listener, last: listener.afterRevision, waiting: [], left: false };
      channel.members.add(member);
      replay(sessionId, member, () => listener.onCaughtUp?.());
      return () => leave(sessionId, member);
    },
    sessions: () => channels.size,
  };
};
