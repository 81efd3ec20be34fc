/** The right of one process to answer one session, for a time. */
export interface Lease {
  /** Prolongs it. @returns false when another process has it now, or it ran out and is gone */
  renew(): Promise<boolean>;
  /** Gives it up; never throws: a lease that cannot be given up runs out. */
  release(): Promise<void>;
}

/** Where leases are kept. */
export interface Leases {
  /** How long a lease lasts without being renewed, in milliseconds. */
  readonly durationMs: number;
  /** @returns undefined while another process holds the session's lease */
  acquire(sessionId: string): Promise<Lease | undefined>;
}
