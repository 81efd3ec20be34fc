import { MAX_WAIT_MS } from './basics.js';
import type { ReconnectPolicy } from '../frames.js';

/**
 * Full jitter: a wait in milliseconds drawn evenly between 0 and the ceiling of this attempt.
 * @param attempt 0 for the first try after a break.
 * @param chance from 0 to 1.
 * @param stretch 2 when the server is overloaded.
 */
export const backoffMs = (policy: ReconnectPolicy, attempt: number, chance: number, stretch = 1): number =>
  Math.round(chance * Math.min(MAX_WAIT_MS, policy.maxMs, policy.minMs * policy.factor ** attempt * stretch));
