/**
 * Words of the moment between the processes that share one log: what is being written, what is to be stopped. They are never
 * recorded, may be lost, and never come twice. What must arrive belongs into the log.
 */
export interface Broadcast {
  /** Tells every other process; never this one. `word` has at most `MAX_WORD_BYTES` as JSON. Does not throw. */
  tell(word: string): void;
  /** Hears what others tell: in order, as far as it comes from the same process. */
  hear(listener: (word: string) => void): void;
  stop(): Promise<void>;
}

/** Longest word, in bytes of JSON. PostgreSQL takes 8,000 bytes, of which sealing and base64 take a good quarter. */
export const MAX_WORD_BYTES = 5_600;

/** Members of one process that hear each other, for tests; a member that is alone talks to nobody. */
export const createLocalBroadcast = (): { readonly join: () => Broadcast } => {
  const members = new Set<(word: string) => void>();
  return {
    join: () => {
      const listeners = new Set<(word: string) => void>();
      const hearing = (word: string): void => {
        for (const listener of listeners) listener(word);
      };
      members.add(hearing);
      return {
        tell: (word) => {
          for (const member of members) if (member !== hearing) member(word);
        },
        hear: (listener) => void listeners.add(listener),
        stop: () => {
          members.delete(hearing);
          return Promise.resolve();
        },
      };
    },
  };
};
