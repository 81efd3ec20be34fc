import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogins, type Logins } from '../../src/transport/logins.js';

const settings = {
  integratorJwksUrl: '',
  integratorJwtSecret: undefined,
  integratorIssuer: 'https://login.example.org',
  integratorAudience: 'chat',
};
const clock = { now: () => new Date() };

describe('logins by the published keys of a provider (JWKS)', () => {
  const server = createServer((_request, response) => response.setHeader('Content-Type', 'application/json').end(keys));
  let keys = '';
  let privateKey: CryptoKey;
  let publicText = '';
  let logins: Logins;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    ({ privateKey } = pair);
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
    publicText = JSON.stringify(jwk);
    keys = JSON.stringify({ keys: [jwk] });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    logins = createLogins({ ...settings, integratorJwksUrl: url }, Buffer.alloc(32, 1), clock)!;
  });
  afterAll(() => server.close());

  const claims = (sub: string) =>
    new SignJWT({}).setSubject(sub).setIssuer('https://login.example.org').setAudience('chat').setExpirationTime('5m');

  it('give the same keyed hash for the same user, another for another, and never the name', async () => {
    const holder = async (sub: string) =>
      logins.holderOf(await claims(sub).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey));
    const [one, again, other] = [await holder('aminata'), await holder('aminata'), await holder('fatu')];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('take no token that is signed with the public key as if it were a secret', async () => {
    const forged = await claims('aminata')
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(publicText));
    expect(await logins.holderOf(forged)).toBeNull();
  });

  it('fail, and do not refuse, when the keys cannot be had', async () => {
    const away = createLogins(
      { ...settings, integratorJwksUrl: 'http://127.0.0.1:1/jwks' },
      Buffer.alloc(32, 1),
      clock,
    )!;
    const token = await claims('aminata').setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    await expect(away.holderOf(token)).rejects.toThrow();
  });
});

describe('logins by a shared secret', () => {
  const secret = 'a secret of the site, thirty-two characters and more';
  const logins = createLogins({ ...settings, integratorJwtSecret: secret }, Buffer.alloc(32, 1), clock)!;
  const signed = (alg: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg })
      .setSubject('aminata')
      .setIssuer(settings.integratorIssuer)
      .setAudience('chat')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));

  it('take HS256', async () => {
    expect(await logins.holderOf(await signed('HS256'))).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(['HS384', 'HS512'])('take no %s, which the configuration does not name', async (alg) => {
    expect(await logins.holderOf(await signed(alg))).toBeNull();
  });
});

describe('without a provider', () => {
  it('there are no logins', () => {
    expect(createLogins(settings, Buffer.alloc(32), clock)).toBeNull();
  });
});
