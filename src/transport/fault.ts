import { isDatabaseAway } from '../platform/database-away.js';
import { protocolError, type ProtocolError } from './protocol/result.js';

const AWAY_RETRY_MS = 5000;

/**
 * What a client is told of an error that no rule knows. While the database does not answer that is a matter of time and no fault
 * of this process, so whoever watches over it can tell the two apart.
 * @param ref correlation id of the line in the log
 */
export const faultOf = (error: unknown, ref?: string): ProtocolError => {
  const details = ref === undefined ? {} : { ref };
  return isDatabaseAway(error)
    ? protocolError('unavailable', { ...details, retryAfterMs: AWAY_RETRY_MS })
    : protocolError('internal', details);
};
