import { quantile } from '../../support/figures.js';
import type { CitizenRecord } from '../driver/citizen.js';

/** A stretch of time, ms since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const isIn = (windows: readonly Window[], at: number): boolean => windows.some(({ from, to }) => at >= from && at < to);

/** Times from when a message was due to its acknowledgement, of all messages that were due in one of the windows. */
export const ackTimes = (records: readonly CitizenRecord[], windows: readonly Window[]): number[] =>
  records.flatMap(({ said }) =>
    said.flatMap(({ due, acknowledgedAt }) =>
      acknowledgedAt !== undefined && isIn(windows, due) ? [acknowledgedAt - due] : [],
    ),
  );

/** Times from when a message was due to the answer to it at the citizen, likewise. */
export const replyTimes = (records: readonly CitizenRecord[], windows: readonly Window[]): number[] =>
  records.flatMap(({ said }) =>
    said.flatMap(({ due, answeredAt }) => (answeredAt !== undefined && isIn(windows, due) ? [answeredAt - due] : [])),
  );

export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

export const quantiles = (times: readonly number[]): Quantiles => ({
  count: times.length,
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
});
