import type { SessionState } from '../commands/session/state.js';
import type { TransportDeps } from './deps.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from './protocol/result.js';

// Who may come into a conversation over the predecessor's ways, which name it by its id: the classic handshake and REST.

/** What a request has to show for the conversation that it names. */
export interface SessionClaim {
  /** Null: it names none. */
  readonly sessionId: string | null;
  /** `id`: it only knows the id. `token`: a token of that session. `login`: one of the site's identity provider. */
  readonly by: 'id' | 'token' | 'login';
  /** The user who is logged in; see `logins.ts`. */
  readonly holder: string | null;
}

/**
 * Reads a claim. Token and id must agree when both are there.
 * @param bearer token of `Authorization`, if any
 * @throws when the keys of the identity provider could not be fetched
 */
export const readClaim = async (
  { tokens, logins }: Pick<TransportDeps, 'tokens' | 'logins'>,
  bearer: string | null,
  named: string | null,
): Promise<Result<SessionClaim, ProtocolError>> => {
  if (bearer === null) return ok({ sessionId: named, by: 'id', holder: null });
  const verdict = await tokens.verify(bearer);
  if (verdict.ok) {
    const { sessionId } = verdict;
    const agree = named === null || named === sessionId;
    return agree ? ok({ sessionId, by: 'token', holder: null }) : fail(protocolError('session_mismatch'));
  }
  const holder = logins === null ? null : await logins.holderOf(bearer);
  return holder === null ? fail(protocolError(verdict.code)) : ok({ sessionId: named, by: 'login', holder });
};

/**
 * Why the claim does not open this conversation, or null. An id is enough for clients in the field, but never for a logged-in
 * user's conversation: ids lie in logs of proxies and in histories of browsers, and do not end with the login.
 */
export const claimRefusal = (
  { requireLogin }: Pick<TransportDeps['config'], 'requireLogin'>,
  { by, holder }: SessionClaim,
  state: Pick<SessionState, 'holder'>,
): ProtocolError | null => {
  if (by === 'token') return null;
  if (by === 'login' && state.holder !== null)
    return state.holder === holder ? null : protocolError('session_mismatch');
  return state.holder !== null || requireLogin ? protocolError('login_required') : null;
};
