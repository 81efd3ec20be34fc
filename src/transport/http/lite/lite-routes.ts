import { readFileSync } from 'node:fs';
import { Router, type Request, type Response } from 'express';
import { languageSchema, type Language } from '../../../events/catalogue/session.js';
import type { OriginPolicy } from '../../origin-policy.js';
import { protocolError } from '../../protocol/result.js';
import { bodyDeadline } from '../body.js';
import { sendProblem } from '../send-problem.js';
import { readForm, type LiteForm } from './form.js';
import { isSecure, postChat, postSession, showChat, type LiteChatDeps } from './lite-chat.js';
import { clearCookie, sessionOfCookie } from './lite-session.js';
import { postAnswer, postTrack, type LiteTrackDeps } from './lite-track.js';
import { emptyTrackPage, trackView } from './track-view.js';
import { forgetView, startView } from './views.js';
import { contextOf, sendPage, sendText, type Visit } from './visit.js';

export type LiteDeps = LiteChatDeps & LiteTrackDeps & { readonly isOriginAllowed: OriginPolicy };

const style = readFileSync(new URL('./lite.css', import.meta.url), 'utf8').replace(/\s+/g, ' ');
/** Of a small form: number, key, hidden fields. */
const SMALL_FORM_BYTES = 64 * 1024;

const languageOf = (text: string, fallback: Language = 'en'): Language => languageSchema.catch(fallback).parse(text);

const queryOf = (request: Request, name: string): string =>
  new URL(request.url, 'http://server.invalid').searchParams.get(name) ?? '';

/** A post from a page of another site (or of nobody knows whom) changes nothing. */
const isForeign = ({ isOriginAllowed }: LiteDeps, request: Request): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return request.headers.origin !== undefined && !isOriginAllowed(request);
};

const postForget = (deps: LiteDeps, visit: Visit): void => {
  clearCookie(visit.response, isSecure(deps, visit.request));
  sendPage({ ...visit, session: null }, startView(contextOf({ ...visit, session: null }), true));
};

/** The light pages: everything a citizen needs, as plain forms. Nothing here needs a script or the built web application. */
export const liteRoutes = (deps: LiteDeps): Router => {
  const router = Router();
  const visitOf = async (request: Request, response: Response, wish = queryOf(request, 'lang')): Promise<Visit> => {
    const session = await sessionOfCookie(deps, request);
    return { request, response, session, language: languageOf(wish, session?.state.language) };
  };
  const onPost = (
    path: string,
    maxBytes: number,
    handle: (visit: Visit, form: LiteForm) => Promise<void> | void,
  ): void => {
    router.post(path, bodyDeadline(deps.config.frameDeadlineMs), async (request, response) => {
      if (path !== '/track' && isForeign(deps, request)) {
        sendProblem(response, protocolError('origin_rejected'));
        return;
      }
      const form = await readForm(request, maxBytes);
      if (form === null) {
        response.setHeader('Connection', 'close');
        sendProblem(response, protocolError('payload_too_large'));
        return;
      }
      await handle(await visitOf(request, response, form.field('lang')), form);
    });
  };
  router.use((request, response, next) => {
    response.locals['route'] = `/lite${request.path}`;
    response.setHeader('Cache-Control', 'no-store');
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    response.setHeader('Referrer-Policy', 'same-origin');
    next();
  });
  router.get('/lite.css', (request, response) => {
    response.setHeader('Cache-Control', 'public, max-age=3600');
    sendText({ request, response }, 200, 'text/css', style);
  });
  router.get('/', async (request, response) => {
    if (!request.originalUrl.startsWith('/lite/')) response.redirect(308, '/lite/');
    else {
      const visit = await visitOf(request, response);
      sendPage(visit, startView(contextOf(visit), false));
    }
  });
  router.get('/chat', async (request, response) =>
    showChat(deps, await visitOf(request, response), { problem: null, text: '' }),
  );
  router.get('/track', async (request, response) => {
    const visit = await visitOf(request, response);
    sendPage(visit, trackView(contextOf(visit), emptyTrackPage));
  });
  router.get('/forget', async (request, response) => {
    const visit = await visitOf(request, response);
    sendPage(visit, forgetView(contextOf(visit)));
  });
  onPost('/chat', deps.config.maxClassicFrameBytes, (visit, form) => postChat(deps, visit, form));
  onPost('/track', SMALL_FORM_BYTES, (visit, form) => postTrack(deps, visit, form));
  onPost('/answer', SMALL_FORM_BYTES, (visit, form) => postAnswer(deps, visit, form));
  onPost('/forget', SMALL_FORM_BYTES, (visit) => postForget(deps, visit));
  router.post('/session', async (request, response) => {
    if (isForeign(deps, request)) sendProblem(response, protocolError('origin_rejected'));
    else await postSession(deps, await visitOf(request, response));
  });
  return router;
};
