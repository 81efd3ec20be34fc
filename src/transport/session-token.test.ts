import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../platform/clock.js';
import { createSessionTokens } from './session-token.js';

const key = Buffer.alloc(32, 1);
const make = () => {
  const clock = fixedClock('2026-01-01T00:00:00.000Z');
  return { clock, tokens: createSessionTokens({ key, ttlS: 60, clock }) };
};

describe('session tokens', () => {
  it('name their session until they expire', async () => {
    const { clock, tokens } = make();
    const { token, expiresAt } = await tokens.issue('S');
    expect(expiresAt).toBe('2026-01-01T00:01:00.000Z');
    expect(await tokens.verify(token)).toEqual({ ok: true, sessionId: 'S' });
    clock.advance(61_000);
    expect(await tokens.verify(token)).toEqual({ ok: false, code: 'session_expired' });
  });

  it('of another key, without a signature, or changed are refused', async () => {
    const { tokens } = make();
    const { token } = await tokens.issue('S');
    const foreign = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('S')
      .setIssuer('citizen-interface')
      .setExpirationTime(4_000_000_000)
      .sign(Buffer.alloc(32, 2));
    const unsigned = new UnsecuredJWT().setSubject('S').setIssuer('citizen-interface').encode();
    const [head, , signature] = token.split('.');
    const changed = [head, Buffer.from('{"sub":"T","exp":4000000000}').toString('base64url'), signature].join('.');
    for (const bad of [foreign, unsigned, changed, '', 'x.y.z'])
      expect(await tokens.verify(bad)).toEqual({ ok: false, code: 'unauthorized' });
  });
});
