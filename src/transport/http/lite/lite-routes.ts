import { readFileSync } from 'node:fs';
import { Router, type Request, type Response } from 'express';
import { languageSchema, type Language } from '../../../events/catalogue/session.js';
import { awaitReply } from '../../await-reply.js';
import type { TransportDeps } from '../../deps.js';
import type { Hub } from '../../hub.js';
import type { OriginPolicy } from '../../origin-policy.js';
import type { PostMessage } from '../../post-message.js';
import { errorDefinitions } from '../../protocol/codes.js';
import { ok, protocolError, type ProtocolError, type Result } from '../../protocol/result.js';
import { MAX_HISTORY } from '../../protocol/v1-client-frames.js';
import type { Limiter } from '../../token-bucket.js';
import type { V1Service } from '../../v1-service.js';
import { bodyDeadline } from '../body.js';
import { openSession, sessionAnswer, type SessionRouteDeps } from '../session-routes.js';
import { sendProblem } from '../send-problem.js';
import { readForm, type LiteForm } from './form.js';
import { clearCookie, isFormToken, sessionOfCookie, setCookie, type LiteSession } from './lite-session.js';
import { postAnswer, postTrack, type LiteTrackDeps } from './lite-track.js';
import { emptyTrackPage, trackView } from './track-view.js';
import { chatView, forgetView, startView, type ChatPage } from './views.js';
import { contextOf, sendPage, sendText, type Visit } from './visit.js';
import { liteWords } from './words.js';

export type LiteDeps = SessionRouteDeps &
  LiteTrackDeps & {
    readonly config: Pick<
      TransportDeps['config'],
      | 'maxClassicFrameBytes'
      | 'frameDeadlineMs'
      | 'maxMessageChars'
      | 'maxPendingTurns'
      | 'rateLimits'
      | 'replyTimeoutMs'
      | 'sessionTokenGraceS'
    >;
    readonly isOriginAllowed: OriginPolicy;
    readonly hub: Pick<Hub, 'join'>;
    readonly post: PostMessage;
    readonly messages: Limiter;
    readonly service: Pick<V1Service, 'history'>;
  };

const style = readFileSync(new URL('./lite.css', import.meta.url), 'utf8').replace(/\s+/g, ' ');
const clientMessageId = /^[\x21-\x7e]{1,64}$/;
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

const isSecure = ({ addresses }: LiteDeps, request: Request): boolean => addresses.schemeOf(request) === 'https';

const showChat = async (
  deps: LiteDeps,
  visit: Visit,
  trouble: Pick<ChatPage, 'problem' | 'text'>,
  status = 200,
): Promise<void> => {
  const { session } = visit;
  const history =
    session === null
      ? ok({ items: [], complete: true })
      : await deps.service.history(session.sessionId, { before: null, limit: MAX_HISTORY });
  const page = history.ok
    ? { frames: history.value.items, complete: history.value.complete, ...trouble }
    : { frames: [], complete: true, problem: history.error.message, text: trouble.text };
  sendPage(visit, chatView(contextOf(visit), page), status);
};

/** The session of the cookie, or a new one with its cookie. */
const sessionFor = async (
  deps: LiteDeps,
  { request, response, session, language }: Visit,
): Promise<Result<LiteSession, ProtocolError>> => {
  const sessionId =
    session === null
      ? await openSession(deps, deps.addresses.keyOf(request), { language, channel: 'web' })
      : ok(session.sessionId);
  if (!sessionId.ok) return sessionId;
  if (session !== null && (await deps.tokens.verify(session.token)).ok) return ok(session);
  const { token } = await deps.tokens.issue(sessionId.value);
  setCookie(response, token, isSecure(deps, request));
  const { state } = await deps.sessions.loadSession(sessionId.value);
  return ok({ sessionId: sessionId.value, state, token });
};

const mediaOf = ({ file }: LiteForm) =>
  file === null
    ? []
    : [
        {
          name: file.name,
          type: file.type === '' ? 'application/octet-stream' : file.type,
          size: file.bytes.length,
          data: file.bytes.toString('base64'),
        },
      ];

/** Records what was written and waits for the answer as long as a browser waits for a page. */
const say = async (
  deps: LiteDeps,
  session: LiteSession,
  form: LiteForm,
  address: string,
): Promise<ProtocolError | null> => {
  const text = form.field('quick') === '' ? form.field('message') : form.field('quick');
  const media = mediaOf(form);
  if (text.trim() === '' && media.length === 0) return protocolError('message_empty');
  if (text.length > deps.config.maxMessageChars) return protocolError('message_too_long');
  const allowance = deps.messages.take(session.sessionId);
  if (!allowance.ok) return protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs });
  if (deps.config.rateLimits && session.state.pending.length >= deps.config.maxPendingTurns)
    return protocolError('busy');
  const id = form.field('id');
  // Each page has its own id in the form: sent twice (a double tap, "reload") it is one message.
  const message = { text, media, clientMessageId: clientMessageId.test(id) ? id : undefined };
  const posted = await deps.post(session.sessionId, message, address);
  if (!posted.ok) return posted.error;
  const { messageId } = posted.value;
  await awaitReply(deps.hub, { sessionId: session.sessionId, messageId, timeoutMs: deps.config.replyTimeoutMs });
  return null;
};

const postChat = async (deps: LiteDeps, visit: Visit, form: LiteForm): Promise<void> => {
  const text = form.field('message');
  if (visit.session !== null && !isFormToken(form.field('token'), visit.session.token)) {
    await showChat(deps, visit, { problem: liteWords[visit.language].stale, text }, 403);
    return;
  }
  const session = await sessionFor(deps, visit);
  const problem = session.ok
    ? await say(deps, session.value, form, deps.addresses.keyOf(visit.request))
    : session.error;
  if (problem !== null) {
    const known = session.ok ? { ...visit, session: session.value } : visit;
    await showChat(deps, known, { problem: problem.message, text }, errorDefinitions[problem.code].http);
    return;
  }
  // So that "reload" asks for the page again and not for the post.
  visit.response.redirect(303, `/lite/chat${visit.language === 'en' ? '' : `?lang=${visit.language}`}#end`);
};

const postForget = (deps: LiteDeps, visit: Visit): void => {
  clearCookie(visit.response, isSecure(deps, visit.request));
  sendPage({ ...visit, session: null }, startView(contextOf({ ...visit, session: null }), true));
};

/** The script's way into the same conversation: the answer is that of `POST /api/agent/session`. */
const postSession = async (deps: LiteDeps, visit: Visit): Promise<void> => {
  const { request, response } = visit;
  const scheme = isSecure(deps, request) ? 'wss' : 'ws';
  const host = deps.addresses.hostOf(request);
  // Another site cannot send this type without asking first (CORS), and is not let in when it asks.
  if (host === null || request.is('json') === false) {
    sendProblem(response, protocolError('bad_request'));
    return;
  }
  const session = await sessionFor(deps, visit);
  if (session.ok)
    response.status(201).json(
      await sessionAnswer(deps, session.value.sessionId, {
        websocketBase: `${scheme}://${host}`,
        language: visit.language,
      }),
    );
  else sendProblem(response, session.error);
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
