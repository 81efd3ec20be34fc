/** The Content Security Policy of every answer (security.md row 25): nothing but what comes from this very host. */

export interface PolicyNeeds {
  /** Host and port by which the browser reached us, for the WebSocket; null when the request did not tell. */
  readonly host: string | null;
  /** Hashes (`sha256-…`) of the inline scripts that the page was built with. Any other inline script is not run. */
  readonly scriptHashes?: readonly string[];
}

/** The value of the header. There is no `unsafe-…` in it, and nothing of another site. */
export const contentPolicy = ({ host, scriptHashes = [] }: PolicyNeeds): string => {
  const sockets = host === null ? '' : ` ws://${host} wss://${host}`;
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scriptHashes.map((hash) => `'${hash}'`)].join(' '),
    "style-src 'self'",
    // `blob:` shows a photo that was just chosen.
    "img-src 'self' blob:",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
};
