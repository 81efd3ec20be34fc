import { describe, expect, it } from 'vitest';
import { createClientAddresses, type Origin } from './client-address.js';

const request = (remoteAddress: string, headers: Origin['headers'] = {}): Origin => ({
  headers,
  socket: { remoteAddress },
});

describe('the address of a client (security row 4)', () => {
  it('is that of the peer, whatever an untrusted peer says', () => {
    const addresses = createClientAddresses([]);
    const spoofed = request('203.0.113.5', { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' });
    expect(addresses.keyOf(spoofed)).toBe('203.0.113.5');
    expect(addresses.schemeOf(spoofed)).toBe('http');
  });

  it('is the first address, from the nearest outwards, that is no trusted proxy', () => {
    const addresses = createClientAddresses(['10.0.0.0/8', 'loopback']);
    const headers = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7, 10.1.1.1', 'x-forwarded-proto': 'https' };
    expect(addresses.keyOf(request('127.0.0.1', headers))).toBe('198.51.100.7');
    expect(addresses.schemeOf(request('127.0.0.1', headers))).toBe('https');
  });

  it('stays with the proxy when the header holds nonsense', () => {
    const addresses = createClientAddresses(['10.0.0.1']);
    expect(addresses.keyOf(request('10.0.0.1', { 'x-forwarded-for': 'unknown' }))).toBe('10.0.0.1');
  });

  it('counts IPv4 in IPv6 form as IPv4, and IPv6 by its /64', () => {
    const addresses = createClientAddresses([]);
    const keyOf = (from: Origin): string => addresses.keyOf(from);
    expect(keyOf(request('::ffff:192.0.2.1'))).toBe('192.0.2.1');
    expect(keyOf(request('2001:db8:1:2:3:4:5:6'))).toBe(keyOf(request('2001:0db8:1:2::9')));
    expect(keyOf(request('2001:db8:1:2::1'))).not.toBe(keyOf(request('2001:db8:1:3::1')));
    expect(keyOf(request('::1'))).toBe('0:0:0:0::/64');
  });
});

describe('the host by which a client reached us', () => {
  it('is the Host header, or what a trusted proxy says', () => {
    const headers = { host: 'inside:3000', 'x-forwarded-host': 'complaints.example.org' };
    expect(createClientAddresses([]).hostOf(request('10.0.0.1', headers))).toBe('inside:3000');
    expect(createClientAddresses(['10.0.0.1']).hostOf(request('10.0.0.1', headers))).toBe('complaints.example.org');
  });

  it.each(['', 'a b', 'x/y', 'evil"onload=', 'h:1:2', '<script>'])('is none when malformed: %j', (host) => {
    expect(createClientAddresses([]).hostOf(request('1.1.1.1', { host }))).toBeNull();
  });
});
