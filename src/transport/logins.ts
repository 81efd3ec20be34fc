import { createHmac } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { Clock } from '../platform/clock.js';

/** Logged-in users of the site that the chat is part of, by the tokens of its identity provider. */
export interface Logins {
  /**
   * Who holds the token, as a keyed hash of issuer and subject: all that is ever kept of them. Null for a token that is
   * missing a part, out of date, or not of this provider.
   * @throws when the provider's keys could not be fetched
   */
  holderOf(token: string): Promise<string | null>;
}

export interface LoginSettings {
  readonly integratorJwksUrl: string;
  readonly integratorJwtSecret: string | undefined;
  readonly integratorIssuer: string;
  readonly integratorAudience: string;
}

/** Never HMAC with a public key, never `none`: each kind of key has its own algorithms (RFC 8725, section 3.1). */
const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const SYMMETRIC = ['HS256'];
/** Seconds that the clocks of two machines may differ. */
const CLOCK_TOLERANCE_S = 30;

/** Codes of the library that say something about our fetching of keys, not about the token. */
const isAboutKeys = (error: unknown): boolean =>
  error instanceof Error &&
  (!('code' in error) ||
    error.code === 'ERR_JWKS_TIMEOUT' ||
    error.code === 'ERR_JWKS_INVALID' ||
    error.code === 'ERR_JOSE_GENERIC');

/**
 * Makes the check from the settings; null when neither keys nor a secret are set.
 * @param key 32 bytes for the hash, derived from the master key for this purpose alone
 */
export const createLogins = (settings: LoginSettings, key: Uint8Array, clock: Clock): Logins | null => {
  const { integratorJwksUrl: url, integratorJwtSecret: secret, integratorIssuer, integratorAudience } = settings;
  const options = (algorithms: string[]): JWTVerifyOptions => ({
    algorithms,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: CLOCK_TOLERANCE_S,
    currentDate: clock.now(),
    ...(integratorIssuer === '' ? {} : { issuer: integratorIssuer }),
    ...(integratorAudience === '' ? {} : { audience: integratorAudience }),
  });
  const verify = ((): ((token: string) => ReturnType<typeof jwtVerify>) | null => {
    if (secret !== undefined) {
      const bytes = new TextEncoder().encode(secret);
      return (token) => jwtVerify(token, bytes, options(SYMMETRIC));
    }
    if (url === '') return null;
    const keys = createRemoteJWKSet(new URL(url));
    return (token) => jwtVerify(token, keys, options(ASYMMETRIC));
  })();
  if (verify === null) return null;
  return {
    holderOf: async (token) => {
      try {
        const { payload } = await verify(token);
        if (payload.sub === undefined || payload.sub === '') return null;
        return createHmac('sha256', key)
          .update(JSON.stringify([payload.iss ?? '', payload.sub]))
          .digest('hex');
      } catch (error) {
        if (isAboutKeys(error)) throw error;
        return null;
      }
    },
  };
};
