import { quantile } from '../../support/figures.js';
import type { CitizenRecord } from '../driver/citizen.js';

/** A stretch of time, ms since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Times from when a message was due to its acknowledgement, of all messages that were due in one of the windows. */
export const ackTimes = (records: readonly CitizenRecord[], windows: readonly Window[]): number[] =>
  records.flatMap(({ said }) =>
    said.flatMap(({ due, acknowledgedAt }) =>
      acknowledgedAt !== undefined && windows.some(({ from, to }) => due >= from && due < to)
        ? [acknowledgedAt - due]
        : [],
    ),
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
