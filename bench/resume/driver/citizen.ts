/** One thing that a citizen says; times in ms since 1970. */
export interface Said {
  readonly id: string;
  /** When the schedule wanted it to be said: latencies count from here, whatever held the driver up. */
  readonly due: number;
  /** How late the driver handed it to the client. */
  readonly late: number;
  acknowledgedAt?: number;
  /** When the answer to it arrived. */
  answeredAt?: number;
}

/** From the loss of a connection to being back. */
export interface Absence {
  /** When the server announced its end; null: it did not. */
  readonly announcedAt: number | null;
  readonly lostAt: number;
  readonly backAt: number;
  readonly code: number;
}

export interface CitizenRecord {
  /** Session id, or what the peer calls the citizen. */
  readonly name: string;
  readonly said: readonly Said[];
  /** Ids of all that the server sent to be kept, in order of arrival, repeated ones too. */
  readonly heard: readonly string[];
  readonly absences: readonly Absence[];
  readonly cuts: number;
  /** Codes of errors that the server answered with. */
  readonly errors: readonly string[];
}

/** A network that dies: for `silentMs` everything is swallowed both ways, then the socket is gone, then nobody is online for `offlineMs`. */
export interface Cut {
  readonly silentMs: number;
  readonly offlineMs: number;
}

/** A citizen at a screen. All start a connection by themselves and come back by themselves. */
export interface Citizen {
  readonly name: string;
  /** Resolves when connected for the first time. */
  connect(): Promise<void>;
  say(id: string, text: string, due: number): void;
  /** Does nothing while not connected. */
  cut(cut: Cut): void;
  /** Connected, and nothing waits to be sent or answered. */
  isSettled(): boolean;
  lastHeardAt(): number;
  record(): CitizenRecord;
  close(): void;
}

/** ms since 1970, with fractions: comparable between processes of one machine. */
export const now = (): number => performance.timeOrigin + performance.now();
