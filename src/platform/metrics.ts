export const projectionStates = ['running', 'waiting', 'paused', 'failed', 'building'] as const;

/** Figures of one read model at the time of a scrape. */
export interface ProjectionFigures {
  readonly projection: string;
  /** Events that are still to be applied; null where the log cannot tell. */
  readonly events: number | null;
  /** Of the log's own time; null while nothing is applied. */
  readonly seconds: number | null;
  readonly state: (typeof projectionStates)[number];
  /** Events applied per second. */
  readonly rate: number;
  /** Events that a person took out of it. */
  readonly skipped: number;
  /** Events that a copy under construction has still to read; null when none is. */
  readonly rebuildEventsLeft: number | null;
}

/**
 * What the parts of the program tell about themselves. Labels come from small closed sets (a profile, a code, an outcome):
 * never an id, an address or anything that a citizen wrote. All times are milliseconds.
 */
export interface Metrics {
  connectionOpened(profile: string, transport: 'websocket' | 'sse'): void;
  /** `code` is a close code of the protocol's table, or `other`. */
  connectionClosed(profile: string, transport: 'websocket' | 'sse', code: string): void;
  /** An upgrade request was answered with an error code of the table. */
  upgradeRefused(code: string): void;
  /** A `hello` was answered: nothing to resume, exactly what was missed, or all from the start. */
  resumed(outcome: 'fresh' | 'recovered' | 'rebuilt'): void;
  /** A message was acknowledged, so long after it came in. */
  acknowledged(duplicate: boolean, ms: number): void;
  deltaSent(): void;
  /** A delta did not go out by itself: its text went out with a later one, or with the whole reply. */
  deltaCoalesced(): void;
  /** Bytes that wait in the sockets of this process; asked at each scrape. Several readers add up. */
  watchBufferedBytes(read: () => number): void;
  /** How every read model stands; asked at each scrape. */
  watchProjections(read: () => Promise<readonly ProjectionFigures[]>): void;
  appended(outcome: 'ok' | 'conflict' | 'unavailable' | 'refused', ms: number): void;
  /** One transaction of the log: how many appends and events shared it. */
  appendBatch(requests: number, events: number): void;
  turnEnded(outcome: string, ms: number): void;
}

const nothing = (): void => undefined;

/** Keeps nothing: metrics are off. */
export const noMetrics: Metrics = {
  connectionOpened: nothing,
  connectionClosed: nothing,
  upgradeRefused: nothing,
  resumed: nothing,
  acknowledged: nothing,
  deltaSent: nothing,
  deltaCoalesced: nothing,
  watchBufferedBytes: nothing,
  watchProjections: nothing,
  appended: nothing,
  appendBatch: nothing,
  turnEnded: nothing,
};
