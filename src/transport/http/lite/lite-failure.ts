import type { Request, Response } from 'express';
import { languageSchema, type Language } from '../../../events/catalogue/session.js';
import { errorDefinitions } from '../../protocol/codes.js';
import type { ProtocolError } from '../../protocol/result.js';
import type { LiteForm } from './form.js';
import { showUnsentTrack } from './lite-track.js';
import { showUnsent, unsentFor } from './lite-unsent.js';
import { problemWords } from './problem-words.js';
import { problemView } from './views.js';
import { contextOf, sayWhen, sendPage, type Visit } from './visit.js';

/** A language that somebody wished for, or the other one. */
export const languageOf = (wish: string, fallback: Language = 'en'): Language =>
  languageSchema.catch(fallback).parse(wish);

/** A parameter of the address; empty when it is not there. */
export const queryOf = (request: Request, name: string): string => {
  const at = request.url.indexOf('?');
  return at < 0 ? '' : (new URLSearchParams(request.url.slice(at + 1)).get(name) ?? '');
};

const againFor = ({ method, originalUrl }: Request, { code }: ProtocolError): string | null => {
  if (code === 'not_found') return '/lite/';
  // Only ever an address of this host: a path that begins with two slashes is another host's.
  return method === 'GET' || method === 'HEAD' ? originalUrl.replace(/^\/{2,}/, '/') : null;
};

/** A whole light page that says what went wrong, in place of the page that was asked for, whichever that was. */
export const sendProblemPage = (
  request: Request,
  response: Response,
  error: ProtocolError,
  language = languageOf(queryOf(request, 'lang'), request.path.startsWith('/kri/') ? 'kri' : 'en'),
): void => {
  const visit: Visit = { request, response, session: null, language };
  sayWhen(response, error);
  const problem = problemWords(language, error);
  const page = problemView(contextOf(visit), problem, againFor(request, error));
  sendPage(visit, page, errorDefinitions[error.code].http);
};

/** What becomes of a form that cannot be taken: the page shows it again, with everything that was written. */
export const showFormAgain = (request: Request, response: Response, form: LiteForm, error: ProtocolError): void => {
  const language = languageOf(form.field('lang'));
  const visit: Visit = { request, response, session: null, language };
  const { path } = request;
  if (path === '/chat') showUnsent(visit, unsentFor(language, form, error), error, form.field('token'));
  else if (path === '/track' || path === '/answer') showUnsentTrack(visit, form, path, error);
  else sendProblemPage(request, response, error, language);
};
