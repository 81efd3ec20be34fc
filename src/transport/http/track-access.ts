import { setTimeout as delay } from 'node:timers/promises';
import { publicStatus, type PublicStatus } from '../../commands/complaint/public-status.js';
import { parseTrackingNumber, slipIn, type TrackingSlip } from '../../commands/tracking-number.js';
import type { Language } from '../../events/catalogue/session.js';
import type { TrackedComplaint } from '../../projections/queries/index.js';
import type { TransportDeps } from '../deps.js';
import type { LookupGuard } from '../lookup-guard.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import type { RouteRequest } from './route.js';

export type TrackAccessDeps = Pick<TransportDeps, 'queries' | 'policy' | 'accessKeys' | 'lookupOf'> & {
  readonly guard: LookupGuard;
};

export const MAX_KEY_CHARS = 64;

export interface Admitted {
  /** In its one form. */
  readonly trackingNumber: string;
  readonly row: TrackedComplaint;
  readonly status: PublicStatus;
  /** The access key was given, and is the right one. */
  readonly isOwner: boolean;
}

/** The access key of a request, if one came in its header. */
export const accessKeyOf = (request: RouteRequest<unknown>): string | undefined =>
  request.header('x-access-key')?.slice(0, MAX_KEY_CHARS);

const FORM = 'A tracking number looks like OMB-XXXX-XXXX-XXXX: OMB and three groups of four letters or digits.';
/** Says which kind of slip is likely; the number itself is not repeated. */
const malformed: Readonly<Record<TrackingSlip, string>> = {
  too_short: `The number is too short: something is missing. ${FORM}`,
  too_long: `The number is too long: something was written twice or does not belong to it. ${FORM}`,
  strange_symbol: `Something in the number is neither a letter nor a digit that is used in it. ${FORM}`,
  mistyped: `One letter or digit is wrong, or two changed places. Please compare it with the number that you were given. ${FORM}`,
};

/**
 * Lets somebody to a complaint by its number, or by number and access key. Unknown number, wrong key and erased complaint are one
 * answer, take the same work, and count against the guard (security.md row 29).
 * @param given the number, in any spelling
 * @param accessKey undefined: only what the number shows is asked for
 * @param language of the words of the status; default English
 */
export const admitByNumber = async (
  deps: TrackAccessDeps,
  address: string,
  given: string,
  accessKey: string | undefined,
  language?: Language,
): Promise<Result<Admitted, ProtocolError>> => {
  const trackingNumber = parseTrackingNumber(given);
  // Whether a number is well formed is no secret: the check symbol tells, on the citizen's own device too.
  if (trackingNumber === undefined)
    return fail(protocolError('tracking_malformed', { message: malformed[slipIn(given)], field: 'trackingNumber' }));
  const allowance = deps.guard.ask(address);
  if (!allowance.ok) return fail(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }));
  if (allowance.delayMs > 0) await delay(allowance.delayMs);
  const row = await deps.queries.trackingByLookup(deps.lookupOf(trackingNumber));
  const isOwner = accessKey !== undefined && (await deps.accessKeys.verify(accessKey, row?.accessKeyHash ?? undefined));
  const status = row === undefined ? undefined : publicStatus(row, deps.policy, language);
  if (row === undefined || status === undefined || (accessKey !== undefined && !isOwner)) {
    deps.guard.failed(address);
    return fail(protocolError('tracking_unknown'));
  }
  return ok({ trackingNumber, row, status, isOwner });
};
