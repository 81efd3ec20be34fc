/** A connection as far as its session's other connections matter to it. */
export interface Member {
  /** A newer one takes its place. */
  replaced(): void;
}

/** Connections of this process by session: WebSockets of both profiles, and streams of events. */
export interface SessionRegistry<M extends Member> {
  /** Adds a connection; when there are too many, the oldest is told that it is replaced. Gives a function that removes it. */
  add(sessionId: string, member: M): () => void;
  /** Every connection that was added. */
  all(): readonly M[];
}

/** `perSession: null` lifts the limit. */
export const createSessionRegistry = <M extends Member>(perSession: number | null): SessionRegistry<M> => {
  const bySession = new Map<string, Set<M>>();
  return {
    add: (sessionId, member) => {
      const peers = bySession.get(sessionId) ?? new Set<M>();
      bySession.set(sessionId, peers.add(member));
      const [oldest] = peers;
      if (perSession !== null && peers.size > perSession && oldest !== undefined) {
        peers.delete(oldest);
        oldest.replaced();
      }
      return () => {
        peers.delete(member);
        if (peers.size === 0 && bySession.get(sessionId) === peers) bySession.delete(sessionId);
      };
    },
    all: () => [...bySession.values()].flatMap((peers) => [...peers]),
  };
};
