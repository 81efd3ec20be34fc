import type { CitizenRecord } from './citizen.js';

/** What a driver process is told to be and do; times in ms. */
export interface Job {
  readonly kind: 'v1' | 'library' | 'ws' | 'socketio' | 'socketio-retries';
  /** Origins of the servers; peers have one. */
  readonly bases: readonly string[];
  /** Numbers of its citizens among all: `from` up to but not `to`, of `of`. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
  /** How long they talk, unless they are stopped before. */
  readonly seconds: number;
  readonly sayEveryMs: number;
  /** Every socket is cut about so often; null: never. */
  readonly cutEveryMs: number | null;
  readonly silentMs: readonly [number, number];
  readonly offlineMs: readonly [number, number];
  /** What is said, in turn. */
  readonly lines: readonly string[];
  /** Which citizens the assistant answers; the others have an officer. */
  readonly answered: 'all' | 'even' | 'none';
  /** Settled when nothing was heard for so long; at most `settleMs` are waited for. */
  readonly quietMs: number;
  readonly settleMs: number;
  readonly seed: number;
}

/** Whether the driver kept its own schedule: if not, its figures are its own and not the server's. */
export interface DriverHealth {
  /** How late messages were handed to the client, ms. */
  readonly lateP99: number;
  readonly loopDelayP99: number;
}

export interface JobResult {
  readonly records: readonly CitizenRecord[];
  readonly health: readonly DriverHealth[];
}

export type ToDriver =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'go'; readonly startAt: number }
  /** Nothing more is said; the result comes when all is settled. */
  | { readonly type: 'stop' }
  | { readonly type: 'end' };
export type FromDriver =
  | { readonly type: 'ready'; readonly names: readonly string[] }
  | { readonly type: 'result'; readonly records: readonly CitizenRecord[]; readonly health: DriverHealth };
