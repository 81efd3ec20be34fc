import { z } from 'zod';
import type { SessionState } from '../../commands/session/state.js';
import { isSessionId } from '../../platform/ids.js';
import type { TransportDeps } from '../deps.js';
import type { ErrorCode } from '../protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import { claimRefusal, type SessionClaim } from '../session-claim.js';
import { bearerOf, type RouteRequest } from './route.js';

export type AccessDeps = Pick<TransportDeps, 'sessions' | 'tokens'>;

export interface Access {
  readonly sessionId: string;
  readonly state: SessionState;
}

/** What `accessOf` may refuse with. */
export const accessProblems = [
  'unauthorized',
  'session_expired',
  'session_mismatch',
  'session_unknown',
  'session_revoked',
] as const satisfies readonly ErrorCode[];

export const tokenHeader = {
  Authorization: { schema: z.string(), description: '`Bearer <session token>`.' },
};
/** Of the predecessor's REST, where the id alone is enough for a conversation that belongs to no logged-in user. */
export const optionalTokenHeader = {
  Authorization: {
    schema: z.string().optional(),
    description:
      "`Bearer <session token>`, or `Bearer <token of the site's identity provider>`. Without it the id alone opens conversations of users who are not logged in, unless the server has REQUIRE_LOGIN.",
  },
};
export const sessionParam = { id: { schema: z.string(), description: 'Session id.' } };

/** The conversation as it is now, if it may still be used. */
export const openStateOf = async (
  { sessions }: Pick<AccessDeps, 'sessions'>,
  sessionId: string,
): Promise<Result<Access, ProtocolError>> => {
  if (!isSessionId(sessionId)) return fail(protocolError('session_unknown'));
  const { state } = await sessions.loadSession(sessionId);
  if (!state.started) return fail(protocolError('session_unknown'));
  return state.revoked ? fail(protocolError('session_revoked')) : ok({ sessionId, state });
};

/**
 * The conversation that a request may use: that of its session token, which must be the one that the path names, if it names
 * one. The id alone is not enough here, as it is for clients of the predecessor.
 * @param graceS a token that ended so many seconds ago is good enough
 */
export const accessOf = async (
  deps: AccessDeps,
  request: RouteRequest<unknown>,
  graceS = 0,
): Promise<Result<Access, ProtocolError>> => {
  const token = bearerOf(request);
  if (token === null) return fail(protocolError('unauthorized'));
  const verdict = await deps.tokens.verify(token, graceS);
  if (!verdict.ok) return fail(protocolError(verdict.code));
  const named = request.params['id'];
  if (named !== undefined && named !== verdict.sessionId) return fail(protocolError('session_mismatch'));
  return openStateOf(deps, verdict.sessionId);
};

/** The conversation of a claim (see `session-claim.ts`) and where its last event lies, if the claim opens it. */
export const stateOfClaim = async (
  { sessions, config }: Pick<TransportDeps, 'sessions'> & { readonly config: { readonly requireLogin: boolean } },
  claim: SessionClaim,
): Promise<Result<Access & { readonly position: bigint }, ProtocolError>> => {
  const { sessionId } = claim;
  if (sessionId === null || !isSessionId(sessionId)) return fail(protocolError('session_unknown'));
  const { state, position } = await sessions.loadSession(sessionId);
  if (!state.started) return fail(protocolError('session_unknown'));
  const refusal = claimRefusal(config, claim, state);
  if (refusal !== null) return fail(refusal);
  return state.revoked ? fail(protocolError('session_revoked')) : ok({ sessionId, state, position });
};
