import { errorDefinitions, type CloseCode } from '../protocol/codes.js';
import type { ProtocolError } from '../protocol/result.js';
import { v1Error, type V1ServerFrame } from '../protocol/v1-server-frames.js';
import type { V1Effect, V1State, V1Step } from './v1-types.js';

/** A close that the peer does not answer is cut after this. */
export const CLOSE_GRACE_MS = 1000;

export const send = (frame: V1ServerFrame): V1Effect => ({ type: 'send', frame });

/** Closes; nothing is done any more after it. */
export const close = (state: V1State, code: CloseCode, reason: string, now: number): V1Step => [
  { ...state, phase: 'closing', terminateAt: now + CLOSE_GRACE_MS, waiting: [], running: null },
  [
    { type: 'close', code, reason },
    { type: 'log', event: 'closing', fields: { code, reason } },
  ],
];

/** Tells the client, naming its frame. An error that is final closes with the code of the table. */
export const tell = (state: V1State, error: ProtocolError, now: number, id?: string): V1Step => {
  const told: readonly V1Effect[] = [
    { type: 'log', event: 'refused', fields: { code: error.code } },
    send(v1Error(error, id)),
  ];
  if (error.fatal !== true) return [state, told];
  const [closing, effects] = close(state, errorDefinitions[error.code].close ?? 4400, error.code, now);
  return [closing, [...told, ...effects]];
};

/** One step after the other. */
export const andThen = ([state, effects]: V1Step, next: (state: V1State) => V1Step): V1Step => {
  if (state.phase === 'closing' || state.phase === 'closed') return [state, effects];
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
};
