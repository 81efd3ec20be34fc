import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Language } from '../../../events/catalogue/session.js';
import type { ProtocolError } from '../../protocol/result.js';
import { chatNameOf, formTokenOf, type LiteSession } from './lite-session.js';
import type { LiteContext } from './page.js';

/** A request of the light pages as its handler needs it. */
export interface Visit {
  readonly request: Request;
  readonly response: Response;
  readonly session: LiteSession | null;
  readonly language: Language;
}

/** Sends a text, compressed where the browser takes that: these pages are for the slowest connections. */
export const sendText = (
  { request, response }: Pick<Visit, 'request' | 'response'>,
  status: number,
  type: string,
  text: string,
): void => {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const body = takesGzip ? gzipSync(text) : Buffer.from(text);
  response.status(status).setHeader('Content-Type', `${type}; charset=utf-8`);
  response.vary('Accept-Encoding');
  if (takesGzip) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.end(body);
};

/** Tells the browser when it is worth asking again, where that is known. */
export const sayWhen = (response: Response, error: Pick<ProtocolError, 'retryAfterMs'> | null): void => {
  if (error?.retryAfterMs !== undefined)
    response.setHeader('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
};

/** Sends a page. */
export const sendPage = (visit: Visit, page: string, status = 200): void => sendText(visit, status, 'text/html', page);

/** What the views need to know of a visit. */
export const contextOf = ({ session, language }: Pick<Visit, 'session' | 'language'>): LiteContext => ({
  language,
  chatName: session === null ? null : chatNameOf(session.sessionId),
  formToken: session === null ? '' : formTokenOf(session.token),
});
