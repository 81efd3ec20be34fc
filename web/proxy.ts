import { NextResponse, type NextRequest } from 'next/server';

// Of the Next server only. The static export has the hashes of its inline scripts in its policy instead.

const office = new URL((process.env.NEXT_PUBLIC_WS_URL ?? 'ws://localhost:3000').replace(/^ws/, 'http'));
const isDevelopment = process.env.NODE_ENV === 'development';

/** Gives every page a policy with a nonce of its own; Next puts it on its scripts. The light pages are the chat server's. */
export const proxy = (request: NextRequest): NextResponse => {
  const { pathname, search } = request.nextUrl;
  if (/^\/lite(\/|$)/.test(pathname)) return NextResponse.redirect(new URL(`${pathname}${search}`, office));
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' blob:",
    `connect-src 'self' ${office.origin} ${office.origin.replace(/^http/, 'ws')}${isDevelopment ? ' ws:' : ''}`,
    "base-uri 'none'",
    `form-action 'self' ${office.origin}`,
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  // For the page that says that nothing is there (global-not-found.ts).
  headers.set('x-page-language', pathname.startsWith('/kri/') ? 'kri' : 'en');
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
  return response;
};

export const config = { matcher: '/((?!_next/static/).*)' };
