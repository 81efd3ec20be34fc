import type { SlowFormLimits } from '../slow-forms.js';
import { awaitReply } from '../../await-reply.js';
import type { ClientAddresses } from '../../client-address.js';
import type { TransportDeps } from '../../deps.js';
import type { Hub } from '../../hub.js';
import type { PostMessage } from '../../post-message.js';
import { errorDefinitions } from '../../protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../../protocol/result.js';
import { MAX_HISTORY } from '../../protocol/v1-client-frames.js';
import type { Limiter } from '../../token-bucket.js';
import type { V1Service } from '../../v1-service.js';
import { openSession, sessionAnswer, type SessionRouteDeps } from '../session-routes.js';
import { sendProblem } from '../send-problem.js';
import { contentId, type LiteForm } from './form.js';
import { filesOf } from './lite-files.js';
import {
  clearCookie,
  hasSessionCookie,
  isFormToken,
  keepsCookies,
  setCookie,
  tryCookie,
  type LiteSession,
} from './lite-session.js';
import { nothingUnsent, showUnsent, unsentFor, unsentOf } from './lite-unsent.js';
import { chatView, type Unsent } from './views.js';
import { contextOf, sayWhen, sendPage, type Visit } from './visit.js';
import { liteWords } from './words.js';

export type LiteChatDeps = SessionRouteDeps & {
  readonly config: Pick<
    TransportDeps['config'],
    | 'maxClassicFrameBytes'
    | 'frameDeadlineMs'
    | keyof SlowFormLimits
    | 'maxMessageChars'
    | 'maxPendingTurns'
    | 'rateLimits'
    | 'replyTimeoutMs'
    | 'sessionTokenGraceS'
  >;
  readonly addresses: ClientAddresses;
  readonly hub: Pick<Hub, 'join'>;
  readonly post: PostMessage;
  readonly messages: Limiter;
  readonly service: Pick<V1Service, 'history'>;
};

/** Whether the citizen's browser speaks TLS with us. */
export const isSecure = ({ addresses }: Pick<LiteChatDeps, 'addresses'>, request: Visit['request']): boolean =>
  addresses.schemeOf(request) === 'https';

/** A cookie that opens nothing any more is taken away; without any, the next post shows whether cookies are kept. */
const settleCookies = (deps: LiteChatDeps, { request, response, session }: Visit): void => {
  if (session !== null) return;
  if (hasSessionCookie(request)) clearCookie(response, isSecure(deps, request));
  tryCookie(response, isSecure(deps, request));
};

/** The conversation of the cookie, and what could not be taken. */
export const showChat = async (
  deps: LiteChatDeps,
  visit: Visit,
  unsent: Unsent = nothingUnsent,
  status = 200,
): Promise<void> => {
  const { session, language } = visit;
  const history =
    session === null
      ? ok({ items: [], complete: true })
      : await deps.service.history(session.sessionId, { before: null, limit: MAX_HISTORY });
  if (!history.ok) {
    showUnsent(visit, unsent, history.error);
    return;
  }
  const isGone = unsent.problem === null && session === null && hasSessionCookie(visit.request);
  const said = isGone ? { ...unsent, problem: liteWords[language].gone } : unsent;
  const page = { frames: history.value.items, complete: history.value.complete, ...said };
  settleCookies(deps, visit);
  const spoken = session?.state.language ?? null;
  sendPage(visit, chatView(contextOf(visit), { ...page, spoken, hasFiles: filesOf(session).length > 0 }), status);
};

/** The session of the cookie, or a new one with its cookie. */
const sessionFor = async (
  deps: LiteChatDeps,
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

const textOf = (form: LiteForm): string => (form.field('quick') === '' ? form.field('message') : form.field('quick'));

const isEmpty = (form: LiteForm): boolean => textOf(form).trim() === '' && form.file === null;

/** Records what was written and waits for the answer as long as a browser waits for a page. */
const say = async (
  deps: LiteChatDeps,
  session: LiteSession,
  form: LiteForm,
  address: string,
): Promise<ProtocolError | null> => {
  const text = textOf(form);
  const media = mediaOf(form);
  if (text.length > deps.config.maxMessageChars) return protocolError('message_too_long');
  const allowance = deps.messages.take(session.sessionId);
  if (!allowance.ok) return protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs });
  if (deps.config.rateLimits && session.state.pending.length >= deps.config.maxPendingTurns)
    return protocolError('busy');
  const message = { text, media, clientMessageId: contentId(form.field('id'), text, form.file?.bytes) };
  const posted = await deps.post(session.sessionId, message, address);
  if (!posted.ok) return posted.error;
  const { messageId } = posted.value;
  await awaitReply(deps.hub, { sessionId: session.sessionId, messageId, timeoutMs: deps.config.replyTimeoutMs });
  return null;
};

/** Why a form may not speak for the conversation of the cookie, or begin one; null: it may. */
const misfitOf = ({ request, session, language }: Visit, form: LiteForm): string | null => {
  const words = liteWords[language];
  const token = form.field('token');
  if (session !== null) return isFormToken(token, session.token) ? null : words.stale;
  // It was written in a chat: it must not begin another one unsaid.
  if (token !== '') return words.goneText;
  return keepsCookies(request) ? null : words.noCookies;
};

/** `POST /lite/chat`: one message. */
export const postChat = async (deps: LiteChatDeps, visit: Visit, form: LiteForm): Promise<void> => {
  const { language } = visit;
  const misfit = misfitOf(visit, form);
  if (misfit !== null) {
    await showChat(deps, visit, unsentOf(language, form, misfit, null), 403);
    return;
  }
  // Before there is a session: nothing was said in it, and there would be a chat to remove.
  const session = isEmpty(form) ? fail(protocolError('message_empty')) : await sessionFor(deps, visit);
  const problem = session.ok
    ? await say(deps, session.value, form, deps.addresses.keyOf(visit.request))
    : session.error;
  if (problem !== null) {
    const known = session.ok ? { ...visit, session: session.value } : visit;
    sayWhen(visit.response, problem);
    await showChat(deps, known, unsentFor(language, form, problem), errorDefinitions[problem.code].http);
    return;
  }
  const begun = form.field('quick') === '' ? '' : form.field('message');
  if (session.ok && begun.trim() !== '') {
    // A ready answer was pressed with something else in the box: that stays there.
    await showChat(deps, { ...visit, session: session.value }, { ...nothingUnsent, text: begun });
    return;
  }
  // So that "reload" asks for the page again and not for the post. A page in the language of the conversation follows it.
  const isFollowing = language === (visit.session?.state.language ?? 'en');
  visit.response.redirect(303, `/lite/chat${isFollowing ? '' : `?lang=${language}`}#end`);
};

/** The script's way into the same conversation: the answer is that of `POST /api/agent/session`. */
export const postSession = async (deps: LiteChatDeps, visit: Visit): Promise<void> => {
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
