import type { Request, RequestHandler, Response } from 'express';
import { contentPolicy } from '../content-policy.js';
import type { Coding, Site, SiteFile } from './load-site.js';

const YEAR_S = 31_536_000;
/** Shown for an address that is not there: in the language of the folder that it would be in, or in English. */
const missingIn = ({ files }: Site, path: string): SiteFile | undefined =>
  files.get(`/${path.split('/')[1] ?? ''}/missing/`) ?? files.get('/missing/');

/** The best coding that both sides know: brotli is a sixth smaller than gzip. */
const codingFor = (request: Request, { bodies }: SiteFile): Coding => {
  const accepted = request.headers['accept-encoding'] ?? '';
  const takes = (coding: string): boolean =>
    new RegExp(`(^|[\\s,])${coding}($|[\\s,;](?!q=0(\\.0*)?($|,)))`).test(accepted);
  return (['br', 'gzip'] as const).find((coding) => bodies.has(coding) && takes(coding)) ?? 'identity';
};

const send = (request: Request, response: Response, file: SiteFile, host: string | null, status: number): void => {
  if (file.scriptHashes !== null)
    response.setHeader('Content-Security-Policy', contentPolicy({ host, scriptHashes: file.scriptHashes }));
  const coding = codingFor(request, file);
  response.setHeader('Content-Type', file.type);
  response.setHeader('Cache-Control', file.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
  response.setHeader('ETag', `"${file.etag}-${coding}"`);
  response.vary('Accept-Encoding');
  if (status === 200 && request.headers['if-none-match'] === `"${file.etag}-${coding}"`) {
    response.status(304).end();
    return;
  }
  if (coding !== 'identity') response.setHeader('Content-Encoding', coding);
  const body = file.bodies.get(coding) ?? Buffer.alloc(0);
  response.setHeader('Content-Length', body.length);
  response.status(status);
  if (request.method === 'HEAD') response.end();
  else response.end(body);
};

const wantsPage = (request: Request): boolean => (request.headers.accept ?? '').includes('text/html');

/**
 * Serves the built pages. An address without its last slash is sent on to the one with it; an unknown one shows a browser the
 * page that says so (404), and is left to the next handler otherwise. Not built: `/` sends to `/lite/`, which needs no build.
 */
export const serveSite =
  (site: Site | null, hostOf: (request: Request) => string | null): RequestHandler =>
  (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    if (site === null) {
      if (request.path === '/') response.redirect(303, '/lite/');
      else next();
      return;
    }
    const file = site.files.get(request.path);
    if (file !== undefined) {
      response.locals['route'] = file.scriptHashes === null ? 'asset' : request.path;
      send(request, response, file, hostOf(request), 200);
      return;
    }
    if (site.files.has(`${request.path}/`)) {
      response.redirect(308, `${request.path}/`);
      return;
    }
    const missing = missingIn(site, request.path);
    if (missing !== undefined && wantsPage(request) && !request.path.startsWith('/api/'))
      send(request, response, missing, hostOf(request), 404);
    else next();
  };
