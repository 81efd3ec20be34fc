import type { ClientAddresses, Origin } from './client-address.js';

/**
 * Which pages may connect (security.md row 3). With a list: exactly those origins, character by character. Without one:
 * pages of the very host that was reached, and of this machine for development.
 * A request without Origin does not come from a page; browsers always send it with WebSockets and cross-site posts.
 */
export type OriginPolicy = (request: Origin) => boolean;

const local = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

export const createOriginPolicy = (allowed: readonly string[], addresses: ClientAddresses): OriginPolicy => {
  const list = new Set(allowed);
  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined) return true;
    if (list.size > 0) return list.has(origin);
    const host = addresses.hostOf(request);
    if (host === null) return false;
    const scheme = addresses.knownSchemeOf(request);
    // Without the word of a trusted proxy nobody can tell whether TLS ended before us: an https page of this very host is
    // most likely ours behind a proxy, and the same people hold the host's certificate.
    const ours = scheme === null ? ['http', 'https'] : [scheme];
    return ours.some((name) => origin === `${name}://${host}`) || local.test(origin);
  };
};
