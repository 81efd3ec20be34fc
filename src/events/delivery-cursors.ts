/**
 * Up to which event of its session a classic client surely has what was said to it. Clients of that profile do not tell how
 * far they have come, so the server remembers it for them: after a lost connection they get what they missed, not the rest.
 */
export interface DeliveryCursors {
  /** -1: nothing yet. */
  load(sessionId: string): Promise<number>;
  /** Moves the cursor forwards (never back). Written together with others a little later, or by `flush`. */
  save(sessionId: string, revision: number): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Writes what waits and ends. */
  close(): Promise<void>;
}
