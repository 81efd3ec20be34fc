import { describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-address.js';
import { createOriginPolicy } from './origin-policy.js';

const asks = (
  allowed: readonly string[],
  origin: string | undefined,
  more: Record<string, string> = {},
  peer = '203.0.113.1',
) =>
  createOriginPolicy(
    allowed,
    createClientAddresses(['10.0.0.1']),
  )({
    headers: { host: 'app.example.com', ...(origin === undefined ? {} : { origin }), ...more },
    socket: { remoteAddress: peer },
  });

describe('origins with a list (security row 3)', () => {
  const list = ['https://app.example.com'];
  it.each([
    'https://evil',
    'null',
    'https://app.example.com.evil.com',
    'http://app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'https://app.example.com:444',
    'https://app.example.com/',
    'http://localhost:3000',
    '',
  ])('%j is refused', (origin) => {
    expect(asks(list, origin)).toBe(false);
  });

  it.each(['https://app.example.com', undefined])('%j is allowed', (origin) => {
    expect(asks(list, origin)).toBe(true);
  });
});

describe('origins without a list', () => {
  it.each([
    'http://app.example.com',
    'https://app.example.com',
    'http://localhost:5173',
    'http://127.0.0.1:3000',
    undefined,
  ])('%j is allowed', (origin) => {
    expect(asks([], origin)).toBe(true);
  });

  it.each([
    'https://evil',
    'null',
    'https://app.example.com.evil.com',
    'http://localhost.evil.com',
    'http://xlocalhost',
  ])('%j is refused', (origin) => {
    expect(asks([], origin)).toBe(false);
  });

  it('the https variant is refused when a trusted proxy says that TLS is not used', () => {
    expect(asks([], 'https://app.example.com', { 'x-forwarded-proto': 'http' }, '10.0.0.1')).toBe(false);
    expect(asks([], 'http://app.example.com', { 'x-forwarded-proto': 'http' }, '10.0.0.1')).toBe(true);
  });

  it('nobody but a trusted proxy is believed about the scheme', () => {
    expect(asks([], 'https://app.example.com', { 'x-forwarded-proto': 'http' })).toBe(true);
    expect(asks([], 'http://app.example.com', { 'x-forwarded-proto': 'https' })).toBe(true);
  });

  it('the plain variant is refused when a trusted proxy says that TLS is used', () => {
    expect(asks([], 'http://app.example.com', { 'x-forwarded-proto': 'https' }, '10.0.0.1')).toBe(false);
    expect(asks([], 'https://app.example.com', { 'x-forwarded-proto': 'https' }, '10.0.0.1')).toBe(true);
  });
});
