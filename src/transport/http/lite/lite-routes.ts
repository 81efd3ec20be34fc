import { readFileSync } from 'node:fs';
import { Router, type Request, type Response } from 'express';
import { faultOf } from '../../fault.js';
import type { OriginPolicy } from '../../origin-policy.js';
import { protocolError } from '../../protocol/result.js';
import { bodyDeadline } from '../body.js';
import { createPatience, type Patience } from '../slow-forms.js';
import { refOf, sendProblem } from '../send-problem.js';
import { readForm, type LiteForm } from './form.js';
import { isSecure, postChat, postSession, showChat, type LiteChatDeps } from './lite-chat.js';
import { languageOf, queryOf, sendProblemPage, showFormAgain } from './lite-failure.js';
import { postFiles, showFiles } from './lite-files.js';
import { clearCookie, sessionOfCookie } from './lite-session.js';
import { postAnswer, postTrack, type LiteTrackDeps } from './lite-track.js';
import { emptyTrackPage, trackView } from './track-view.js';
import { forgetView, startView } from './views.js';
import { contextOf, sendPage, sendText, type Visit } from './visit.js';

export type LiteDeps = LiteChatDeps &
  LiteTrackDeps & {
    readonly isOriginAllowed: OriginPolicy;
    /** Logs an error under a correlation id. */
    readonly report: (error: unknown, ref: string) => void;
  };

interface PostSettings {
  readonly maxBytes: number;
  readonly visitOf: (request: Request, response: Response, wish?: string) => Promise<Visit>;
  /** For forms with files. */
  readonly patience?: Patience;
}

const style = readFileSync(new URL('./lite.css', import.meta.url), 'utf8').replace(/\s+/g, ' ');
/** Of a small form: number, key, hidden fields. */
const SMALL_FORM_BYTES = 64 * 1024;

/** A post from a page of another site (or of nobody knows whom) changes nothing. */
const isForeign = ({ isOriginAllowed }: LiteDeps, request: Request): boolean => {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return request.headers.origin !== undefined && !isOriginAllowed(request);
};

const postForget = (deps: LiteDeps, visit: Visit): void => {
  clearCookie(visit.response, isSecure(deps, visit.request));
  sendPage(visit, startView(contextOf(visit), true));
};

/** The light pages: everything a citizen needs, as plain forms. Nothing here needs a script or the built web application. */
export const liteRoutes = (deps: LiteDeps): Router => {
  const router = Router();
  const visitOf = async (request: Request, response: Response, wish = queryOf(request, 'lang')): Promise<Visit> => {
    const session = await sessionOfCookie(deps, request);
    return { request, response, session, language: languageOf(wish, session?.state.language) };
  };
  /** For pages that need no conversation: they ask for none, and so are there at once while it cannot be read. */
  const strollOf = (request: Request, response: Response, wish = queryOf(request, 'lang')): Promise<Visit> =>
    Promise.resolve({ request, response, session: null, language: languageOf(wish) });
  const onPost = (
    path: string,
    { maxBytes, visitOf: enter, patience }: PostSettings,
    handle: (visit: Visit, form: LiteForm) => Promise<void> | void,
  ): void => {
    const deadline = bodyDeadline(deps.config.frameDeadlineMs, { refuse: sendProblemPage, patience });
    router.post(path, deadline, async (request, response) => {
      if (path !== '/track' && isForeign(deps, request)) {
        sendProblemPage(request, response, protocolError('origin_rejected'));
        return;
      }
      const { form, refusal } = await readForm(request, maxBytes);
      if (refusal !== null) {
        if (!request.complete) response.setHeader('Connection', 'close');
        if (!response.headersSent) showFormAgain(request, response, form, protocolError(refusal));
        return;
      }
      try {
        await handle(await enter(request, response, form.field('lang')), form);
      } catch (error) {
        if (response.headersSent) throw error;
        const ref = refOf(response);
        deps.report(error, ref);
        showFormAgain(request, response, form, faultOf(error, ref));
      }
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
      const visit = await strollOf(request, response);
      sendPage(visit, startView(contextOf(visit), false));
    }
  });
  router.get('/chat', async (request, response) => showChat(deps, await visitOf(request, response)));
  router.get('/files', async (request, response) =>
    showFiles(await visitOf(request, response), queryOf(request, 'taken') === '1'),
  );
  router.get('/track', async (request, response) => {
    const visit = await strollOf(request, response);
    sendPage(visit, trackView(contextOf(visit), emptyTrackPage));
  });
  router.get('/forget', async (request, response) => {
    const visit = await strollOf(request, response);
    sendPage(visit, forgetView(contextOf(visit)));
  });
  const small = { maxBytes: SMALL_FORM_BYTES, visitOf: strollOf };
  const { maxClassicFrameBytes: maxBytes } = deps.config;
  const patience = createPatience(deps.config, maxBytes, (request) => deps.addresses.keyOf(request));
  onPost('/chat', { maxBytes, visitOf, patience }, (visit, form) => postChat(deps, visit, form));
  onPost('/files', { ...small, visitOf }, (visit, form) => postFiles(deps, visit, form));
  onPost('/track', small, (visit, form) => postTrack(deps, visit, form));
  onPost('/answer', small, (visit, form) => postAnswer(deps, visit, form));
  onPost('/forget', small, (visit) => postForget(deps, visit));
  router.post('/session', async (request, response) => {
    if (isForeign(deps, request)) sendProblem(response, protocolError('origin_rejected'));
    else await postSession(deps, await visitOf(request, response));
  });
  router.use((request, response) => sendProblemPage(request, response, protocolError('not_found')));
  return router;
};
