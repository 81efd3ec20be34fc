import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** The part of a request that tells where it comes from. */
export interface Origin {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

export interface ClientAddresses {
  /** Key for limits per address: the client's IPv4 address, or its IPv6 network (/64: one household has that many). */
  keyOf(request: Origin): string;
  /** What a trusted proxy says; null when none says anything. */
  knownSchemeOf(request: Origin): 'http' | 'https' | null;
  /** `https` only when a trusted proxy says so. */
  schemeOf(request: Origin): 'http' | 'https';
  /** Host and port by which the client reached us; null when the header is missing or malformed. */
  hostOf(request: Origin): string | null;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');

const first = (header: string | string[] | undefined): string | undefined =>
  (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim();

/** The /64 of an IPv6 address, written out. */
const networkOf = (address: string): string => {
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
};

const createTrust = (proxies: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const entry of proxies.flatMap((proxy) => named[proxy] ?? [proxy])) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};

/**
 * Reads addresses of clients. `X-Forwarded-*` counts only where the peer is one of `trustProxy` (security.md row 4): going
 * from the nearest hop outwards, the first address that is no trusted proxy is the client.
 * @throws RangeError for an entry that is no address or network
 */
export const createClientAddresses = (trustProxy: readonly string[]): ClientAddresses => {
  const isTrusted = createTrust(trustProxy);
  const peerOf = (request: Origin): string => plain(request.socket.remoteAddress ?? '');
  const clientOf = (request: Origin): string => {
    const header = request.headers['x-forwarded-for'];
    const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((hop) => plain(hop.trim()));
    let client = peerOf(request);
    while (isTrusted(client)) {
      const hop = hops.pop();
      if (hop === undefined || isIP(hop) === 0) break;
      client = hop;
    }
    return client;
  };
  const knownSchemeOf = (request: Origin): 'http' | 'https' | null => {
    const said = isTrusted(peerOf(request)) ? first(request.headers['x-forwarded-proto']) : undefined;
    return said === 'https' || said === 'http' ? said : null;
  };
  return {
    keyOf: (request) => {
      const client = clientOf(request);
      return isIP(client) === 6 ? networkOf(client) : client;
    },
    knownSchemeOf,
    schemeOf: (request) => knownSchemeOf(request) ?? 'http',
    hostOf: (request) => {
      const forwarded = isTrusted(peerOf(request)) ? first(request.headers['x-forwarded-host']) : undefined;
      const host = forwarded ?? request.headers.host ?? '';
      return /^(\[[0-9a-fA-F:.]+\]|[\w.-]{1,253})(:\d{1,5})?$/.test(host) ? host : null;
    },
  };
};
