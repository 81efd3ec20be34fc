import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../platform/clock.js';

const ALGORITHM = 'HS256';
const ISSUER = 'citizen-interface';

export interface IssuedToken {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export type TokenVerdict =
  | { readonly ok: true; readonly sessionId: string }
  | { readonly ok: false; readonly code: 'unauthorized' | 'session_expired' };

export interface SessionTokens {
  issue(sessionId: string): Promise<IssuedToken>;
  /**
   * Never throws for a bad token.
   * @param graceS a token that ended so many seconds ago is good enough; default 0
   */
  verify(token: string, graceS?: number): Promise<TokenVerdict>;
}

/**
 * Session tokens: JWT, HS256, the session id as subject.
 * @param key 32 bytes, derived from the master key for this purpose alone
 * @param ttlS how long a token is valid, in seconds
 */
export const createSessionTokens = ({
  key,
  ttlS,
  clock,
}: {
  readonly key: Uint8Array;
  readonly ttlS: number;
  readonly clock: Clock;
}): SessionTokens => ({
  issue: async (sessionId) => {
    const now = Math.floor(clock.now().getTime() / 1000);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setSubject(sessionId)
      .setIssuedAt(now)
      .setExpirationTime(now + ttlS)
      .sign(key);
    return { token, expiresAt: new Date((now + ttlS) * 1000).toISOString() };
  },
  verify: async (token, graceS = 0) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp'],
        currentDate: clock.now(),
        clockTolerance: graceS,
      });
      return payload.sub === undefined ? { ok: false, code: 'unauthorized' } : { ok: true, sessionId: payload.sub };
    } catch (error) {
      return { ok: false, code: error instanceof errors.JWTExpired ? 'session_expired' : 'unauthorized' };
    }
  },
});
