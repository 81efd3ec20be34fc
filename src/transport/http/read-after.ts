import { z } from 'zod';
import type { TransportDeps } from '../deps.js';
import type { ErrorCode } from '../protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import type { RouteRequest } from './route.js';

// Read your own writes: an answer that records something names its place in the log, and a query can wait for that place.

export interface ReadAfterDeps {
  readonly log: Pick<TransportDeps['log'], 'head'>;
  readonly readModelReaches: TransportDeps['readModelReaches'];
  readonly config: Pick<TransportDeps['config'], 'readAfterTimeoutMs'>;
}

/** The header by which answers name the place in the log up to which their effect is recorded. */
export const positionHeader = (position: bigint) => ({ 'X-Position': position.toString() });

/** What `waitForAfter` may refuse with. */
export const readAfterProblems = ['position_invalid', 'read_model_behind'] as const satisfies readonly ErrorCode[];

const RETRY_AFTER_MS = 1000;

/** The parameter, for the OpenAPI document. */
export const afterParameter = {
  after: {
    schema: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    description:
      'A place in the log, from `X-Position` of an earlier answer or `position` of a status: waits until the answer holds everything up to there.',
  },
};

/**
 * Waits until a read model holds what the request asks for with `?after=`, at most READ_AFTER_TIMEOUT_MS.
 * @returns `position_invalid` for what is no place of this log (so nobody can be made to wait for what never comes), and
 *   `read_model_behind` when the time is over: an old answer would be a wrong one
 */
export const waitForAfter = async (
  deps: ReadAfterDeps,
  request: Pick<RouteRequest<unknown>, 'query'>,
  which: Parameters<TransportDeps['readModelReaches']>[0],
): Promise<Result<null, ProtocolError>> => {
  const after = request.query('after');
  if (after === undefined) return ok(null);
  const invalid = fail(protocolError('position_invalid', { field: 'after' }));
  if (!afterParameter.after.schema.safeParse(after).success) return invalid;
  const position = BigInt(after);
  if (position > (await deps.log.head()).position) return invalid;
  const reached = await deps.readModelReaches(which, position, deps.config.readAfterTimeoutMs);
  return reached ? ok(null) : fail(protocolError('read_model_behind', { retryAfterMs: RETRY_AFTER_MS }));
};
